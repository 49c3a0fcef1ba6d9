/** Calls into the C library. Only this folder loads koffi; calls are synchronous, on the thread that made them. */
import { constants } from "node:os";
import koffi from "koffi";

const library = koffi.load(null);

/** A path, or any other C string. Bytes where names need not be UTF-8. */
export type CString = string | Uint8Array;

/** A failed system call, with the fields of Node's own system errors. */
export class SystemError extends Error {
  override readonly name = "SystemError";
  /** `ENOENT` … */
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;

  constructor(syscall: string, errno: number, subject: string) {
    const code = errnoNames.get(errno) ?? `E${errno}`;
    super(`${syscall} ${subject}: ${code}`);
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
  }
}

const errnoNames: ReadonlyMap<number, string> = new Map([
  [15, "ENOTBLK"], // Node leaves it out
  ...Object.entries(constants.errno)
    .reverse() // of two names for one number (EAGAIN, EWOULDBLOCK) the first wins
    .map(([name, value]): [number, string] => [value, name]),
]);

/** Declares a function that answers -1 and sets errno on failure. The wrapper throws `SystemError` then. */
export function declare<Arguments extends readonly unknown[]>(
  definition: string,
): (subject: CString, ...args: Arguments) => number {
  const native = library.func(definition);
  const name: string = native.info.name;
  return (subject, ...args) => {
    const result = Number(native(...args));
    if (result < 0) throw new SystemError(name, koffi.errno(), printable(subject));
    return result;
  };
}

/**
 * The same on a thread of the pool, for what makes its caller wait: resolves with what the function answered. Why it failed stays with that thread,
 * so whoever wants to know calls again on this one.
 */
export function declareElsewhere<Arguments extends readonly unknown[]>(
  definition: string,
): (...args: Arguments) => Promise<number> {
  const native = library.func(definition);
  return (...args) =>
    new Promise((resolve, reject) => {
      native.async(...args, (thrown: unknown, result: unknown) => {
        if (thrown) reject(thrown);
        else resolve(Number(result));
      });
    });
}

/** NUL-terminated bytes. A NUL inside would cut the name short, so it is refused. */
export function cstring(value: CString): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  if (bytes.includes(0)) throw new SystemError("cstring", constants.errno.EINVAL, printable(value));
  const terminated = Buffer.alloc(bytes.length + 1);
  terminated.set(bytes);
  return terminated;
}

function printable(value: CString): string {
  return JSON.stringify(typeof value === "string" ? value : Buffer.from(value).toString());
}
