/** The master side of a pseudo-terminal (pty(7)) as a stream. */
import { Duplex } from "node:stream";
import { ReadStream } from "node:tty";
import { errnoOf } from "#proto/kit/problem.ts";
import { declare } from "./libc.ts";

const nativeControl = declare<[number, number, Uint8Array]>("int ioctl(int fd, unsigned long request, void *argument)");
const setWindowSize = 0x5414; // TIOCSWINSZ
const endOfTransmission = Buffer.from([4]);

export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

export interface Terminal {
  /** Writing is typing; ending it types Ctrl-D. Ends when the last process has left the terminal. Owns the file descriptor. */
  readonly stream: Duplex;
  resize(size: TerminalSize): void;
}

export function openTerminal(fd: number): Terminal {
  const tty = new ReadStream(fd);
  const stream = new Duplex({
    allowHalfOpen: true,
    read: () => void tty.resume(),
    write: (chunk, encoding, callback) => void tty.write(chunk, encoding, callback),
    final: (callback) => void tty.write(endOfTransmission, () => callback()),
    destroy(thrown, callback) {
      tty.destroy();
      callback(thrown);
    },
  });
  tty.on("data", (chunk) => {
    if (!stream.push(chunk)) tty.pause();
  });
  tty.on("end", () => stream.push(null));
  tty.on("error", (thrown) => {
    // Linux says "input/output error" when nobody has the other side open any more.
    if (errnoOf(thrown) === "EIO") stream.push(null);
    else stream.destroy(thrown);
  });
  return {
    stream,
    resize({ rows, columns }) {
      if (tty.destroyed) return;
      const size = new Uint16Array([rows, columns, 0, 0]);
      nativeControl("terminal", fd, setWindowSize, new Uint8Array(size.buffer));
    },
  };
}
