/** One duplex stream of a readable and a writable one, ending and back-pressure of each half kept. */
import { Duplex, type Readable, type Writable } from "node:stream";

/** Without a writable half, what is written is refused. */
export function joinStreams(readable: Readable, writable: Writable | undefined): Duplex {
  const duplex = new Duplex({
    allowHalfOpen: true,
    read: () => void readable.resume(),
    write(chunk, encoding, callback) {
      if (writable) writable.write(chunk, encoding, callback);
      else callback(new Error("the standard input is not open"));
    },
    final(callback) {
      if (writable) writable.end(callback);
      else callback();
    },
    destroy(thrown, callback) {
      readable.destroy();
      writable?.destroy();
      callback(thrown);
    },
  });
  readable.on("data", (chunk) => {
    if (!duplex.push(chunk)) readable.pause();
  });
  readable.on("end", () => duplex.push(null));
  readable.on("error", (thrown) => duplex.destroy(thrown));
  // The process may end without reading: a broken pipe is its business.
  writable?.on("error", () => undefined);
  return duplex;
}
