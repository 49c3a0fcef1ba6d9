/**
 * One request and its answer, with the part of Node's `ServerHttp2Stream` that servers of gRPC use. Bytes that nobody reads hold
 * back their sender, bytes that the peer does not take hold back their writer. Written means that there is room for more, not
 * that the bytes have left: their memory is not to be used again.
 */
import { Duplex } from "node:stream";
import type { ConnectionStream, Opening, StreamSession } from "./connection-stream.ts";
import { errorCode } from "./frames.ts";
import { type AnswerHeaders, headerBlock } from "./hpack-encoder.ts";

export interface RespondOptions {
  readonly endStream?: boolean;
  /** `wantTrailers` is told when all is sent; `sendTrailers` ends the stream then. */
  readonly waitForTrailers?: boolean;
}

type Done = (error?: Error | null) => void;

interface Waiting {
  readonly bytes: Uint8Array;
  at: number;
  readonly done: Done;
}

export class ServerStream extends Duplex implements ConnectionStream {
  readonly id: number;
  /** Undefined when both sides have ended, or one has cut the stream. */
  session: StreamSession | undefined;
  headersSent = false;
  rstCode: number = errorCode.none;
  sendWindow: number;
  receiveWindow: number;
  ungrantedBytes = 0;
  #hasClosed = false;
  #requestEnded = false;
  #answerEnded = false;
  #wantsTrailers = false;
  #writing: Waiting | undefined;
  /** Read from the connection, given to nobody yet, and not yet granted again. */
  #heldBytes = 0;

  constructor({ session, id, sendWindow, receiveWindow }: Opening) {
    super({ autoDestroy: false });
    this.session = session;
    this.id = id;
    this.sendWindow = sendWindow;
    this.receiveWindow = receiveWindow;
    session.add(this);
  }

  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  get requestEnded(): boolean {
    return this.#requestEnded;
  }

  respond(headers: AnswerHeaders, options: RespondOptions = {}): void {
    const { session } = this;
    if (!session || this.headersSent) throw new Error("the answer has begun already, or its stream has ended");
    this.headersSent = true;
    this.#wantsTrailers = options.waitForTrailers === true;
    session.sendHeaders(this.id, headerBlock(headers), options.endStream === true);
    if (!options.endStream) return;
    this.#answerEnded = true;
    this.end();
    this.#endedOneSide();
  }

  sendTrailers(headers: AnswerHeaders): void {
    if (!this.session || this.#answerEnded) return;
    this.#answerEnded = true;
    this.session.sendHeaders(this.id, headerBlock(headers), true);
    this.#endedOneSide();
  }

  /** Cuts it. */
  close(code: number = errorCode.none): void {
    if (this.#hasClosed) return;
    this.session?.sendReset(this.id, code);
    this.#cut(code);
  }

  /** Streams may be silent as long as they like: who writes to them minds that they are read. */
  isStalled(): boolean {
    return false;
  }

  receive(bytes: Buffer): void {
    if (this.#hasClosed || this.#requestEnded) this.session?.grant(this, bytes.length);
    else if (this.push(bytes)) this.session?.grant(this, bytes.length);
    else this.#heldBytes += bytes.length;
  }

  receiveEnd(): void {
    if (this.#requestEnded) return;
    this.#requestEnded = true;
    this.push(null);
    this.#endedOneSide();
  }

  receiveReset(code: number): void {
    if (!this.#hasClosed) this.#cut(code);
  }

  sendPiece(): boolean {
    const waiting = this.#writing;
    const { session } = this;
    if (!waiting || !session) return false;
    const room = Math.min(session.roomBytes, this.sendWindow);
    const left = waiting.bytes.length - waiting.at;
    if (room <= 0 && left > 0) return false;
    const piece = waiting.bytes.subarray(waiting.at, waiting.at + room);
    waiting.at += piece.length;
    this.sendWindow -= piece.length;
    session.sendData(this.id, piece, false);
    if (waiting.at === waiting.bytes.length) {
      this.#writing = undefined;
      waiting.done();
    }
    return this.#writing !== undefined;
  }

  override _read(): void {
    const held = this.#heldBytes;
    this.#heldBytes = 0;
    if (held > 0) this.session?.grant(this, held);
  }

  override _write(chunk: Uint8Array | string, encoding: BufferEncoding, done: Done): void {
    if (!this.session || this.#answerEnded) {
      done(new Error("the stream has ended"));
      return;
    }
    if (!this.headersSent) this.respond({ ":status": 200 });
    this.#writing = { bytes: typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk, at: 0, done };
    this.session.pump(this);
  }

  override _final(done: Done): void {
    if (this.session && !this.#answerEnded) {
      if (!this.headersSent) this.respond({ ":status": 200 });
      if (!this.#wantsTrailers) {
        this.#answerEnded = true;
        this.session.sendData(this.id, nothing, true);
        this.#endedOneSide();
      } else if (!this.emit("wantTrailers")) this.sendTrailers({});
    }
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    if (!this.#hasClosed) {
      this.rstCode = error ? errorCode.internal : errorCode.none;
      this.session?.sendReset(this.id, this.rstCode);
      this.#hasClosed = true;
    }
    this.#leave();
    this.push(null);
    done(error);
  }

  #endedOneSide(): void {
    if (!this.#requestEnded || !this.#answerEnded || this.#hasClosed) return;
    this.#hasClosed = true;
    this.#leave();
    if (this.readableEnded || this.destroyed) {
      this.destroy();
      return;
    }
    this.once("end", () => this.destroy());
    // Nobody may have begun to read.
    if (!this.readableFlowing) this.resume();
  }

  #cut(code: number): void {
    this.rstCode = code;
    this.#hasClosed = true;
    this.#leave();
    this.destroy();
  }

  #leave(): void {
    const { session } = this;
    this.session = undefined;
    session?.left(this, this.#heldBytes);
    this.#heldBytes = 0;
    this.#writing = undefined;
  }
}

const nothing = new Uint8Array();
