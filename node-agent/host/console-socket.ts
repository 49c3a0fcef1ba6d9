/**
 * Where an OCI runtime hands over the terminal that it made inside a container (`--console-socket`): a socket that takes one file
 * descriptor (SCM_RIGHTS, unix(7)). Node can receive none by itself.
 */
import { closeSync, openSync, unlinkSync } from "node:fs";
import koffi from "koffi";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { declare } from "./libc.ts";
import { socketAddress, unixFamily } from "./unix-address.ts";

const nativeSocket = declare<[number, number, number]>("int socket(int domain, int type, int protocol)");
const nativeBind = declare<[number, Uint8Array, number]>("int bind(int fd, const void *address, unsigned int size)");
const nativeListen = declare<[number, number]>("int listen(int fd, int backlog)");
const nativeAccept = declare<[number, null, null, number]>("int accept4(int fd, void *address, void *size, int flags)");
const nativeReceive = declare<[number, Uint8Array, number]>("long recvmsg(int fd, void *message, int flags)");

const nonBlocking = 0o2000000 | 0o4000; // SOCK_CLOEXEC | SOCK_NONBLOCK
const streamNonBlocking = 1 | nonBlocking; // SOCK_STREAM
const closeOnExec = 0x40000000; // MSG_CMSG_CLOEXEC
const rightsType = 1; // SCM_RIGHTS
const socketLevel = 1; // SOL_SOCKET
const pauseMs = 1;
const maxPauseMs = 16;

export interface ReceiveOptions {
  readonly timeoutMs: number;
  readonly hasEnded: () => boolean;
  readonly signal: AbortSignal;
}

export class ConsoleSocket {
  readonly #fd: number;
  readonly #path: string;

  /** `name` in `directory`, whose path may be longer than a socket's can be. */
  constructor(directory: string, name: string) {
    const directoryFd = openSync(directory, "r");
    this.#path = `${directory}/${name}`;
    this.#fd = nativeSocket(name, unixFamily, streamNonBlocking, 0);
    try {
      const address = socketAddress(`/proc/self/fd/${directoryFd}/${name}`);
      nativeBind(this.#path, this.#fd, address, address.length);
      nativeListen(this.#path, this.#fd, 1);
    } catch (thrown) {
      closeSync(this.#fd);
      throw thrown;
    } finally {
      closeSync(directoryFd);
    }
  }

  /**
   * The terminal's master side, which the caller then owns; undefined when the runtime `hasEnded` without sending any. Looks again and
   * again, as a runtime answers within milliseconds. Problem `timeout`, or the signal's reason.
   */
  async receive(clock: Clock, options: ReceiveOptions): Promise<number | undefined> {
    const deadlineMs = clock.monotonicMs() + options.timeoutMs;
    let connection: number | undefined;
    try {
      for (let waitMs = pauseMs; ; waitMs = Math.min(waitMs * 2, maxPauseMs)) {
        const wasOver = options.hasEnded(); // asked first: what it sent before its end counts
        connection ??= unlessBlocked(() => nativeAccept(this.#path, this.#fd, null, null, nonBlocking));
        const terminal = connection === undefined ? undefined : receiveFile(connection, this.#path);
        if (terminal !== undefined || wasOver) return terminal;
        if (clock.monotonicMs() > deadlineMs) {
          throw new Problem("timeout", "the runtime handed over no terminal in time");
        }
        await sleep(clock, waitMs, options.signal);
      }
    } finally {
      if (connection !== undefined) closeSync(connection);
    }
  }

  close(): void {
    closeSync(this.#fd);
    try {
      unlinkSync(this.#path);
    } catch (thrown) {
      if (errnoOf(thrown) !== "ENOENT") throw thrown;
    }
  }
}

function unlessBlocked<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (thrown) {
    if (errnoOf(thrown) === "EAGAIN") return undefined;
    throw thrown;
  }
}

/** struct msghdr, iovec and cmsghdr of 64-bit Linux. Undefined when nothing has come yet. */
function receiveFile(connection: number, path: string): number | undefined {
  const data = Buffer.alloc(4096); // the runtime sends the terminal's name along
  const control = Buffer.alloc(24);
  const vector = Buffer.alloc(16);
  vector.writeBigUInt64LE(koffi.address(data), 0);
  vector.writeBigUInt64LE(BigInt(data.length), 8);
  const message = Buffer.alloc(56);
  message.writeBigUInt64LE(koffi.address(vector), 16);
  message.writeBigUInt64LE(1n, 24);
  message.writeBigUInt64LE(koffi.address(control), 32);
  message.writeBigUInt64LE(BigInt(control.length), 40);
  const received = unlessBlocked(() => nativeReceive(path, connection, message, closeOnExec));
  if (received === undefined) return undefined;
  const isFile = control.readInt32LE(8) === socketLevel && control.readInt32LE(12) === rightsType;
  if (message.readBigUInt64LE(40) < 20n || !isFile) {
    throw new Problem("internal", "the runtime sent no terminal over its console socket");
  }
  return control.readInt32LE(16);
}
