/** One stream of a light session: a Duplex that tells of its headers as Node's own does. */
import { Duplex } from "node:stream";
import { cancelCode } from "#proto/kit/rpc/http2-connection.ts";

export type Headers = Readonly<Record<string, string>>;

/** What a stream asks of its session. */
export interface StreamSession {
  /** At most so many bytes of this stream as there is room for now; how many. */
  sendData(stream: LightStream, bytes: Buffer): number;
  endData(id: number): void;
  reset(id: number, code: number): void;
  grant(id: number, bytes: number): void;
  gone(stream: LightStream): void;
}

export class LightStream extends Duplex {
  readonly id: number;
  readonly #session: StreamSession;
  readonly #windowBytes: number;
  /** What we may still send. */
  sendWindow: number;
  #unacknowledged = 0;
  #waiting: { bytes: Buffer; readonly done: (error?: Error | null) => void } | undefined;
  #hasSentEnd = false;
  #hasReceivedEnd = false;
  #hasHeaders = false;

  constructor(session: StreamSession, id: number, windows: { readonly receive: number; readonly send: number }) {
    super({ emitClose: true });
    this.id = id;
    this.#session = session;
    this.#windowBytes = windows.receive;
    this.sendWindow = windows.send;
  }

  /** Ends it from our side, whatever is under way. */
  close(code: number): void {
    if (this.destroyed) return;
    if (!this.#hasSentEnd || !this.#hasReceivedEnd) this.#session.reset(this.id, code);
    this.#hasSentEnd = true;
    this.#hasReceivedEnd = true;
    this.destroy();
  }

  receiveHeaders(headers: Headers, isLast: boolean): void {
    const status = Number(headers[":status"] ?? 0);
    if (!this.#hasHeaders && status >= 100 && status < 200) return;
    this.emit(this.#hasHeaders ? "trailers" : "response", headers);
    this.#hasHeaders = true;
    if (isLast) this.#receiveEnd();
  }

  receiveData(bytes: Buffer, frameBytes: number, isLast: boolean): void {
    this.#unacknowledged += frameBytes;
    if (bytes.length > 0) this.push(bytes);
    if (isLast) this.#receiveEnd();
  }

  /** The server ended it: well, or with an error. */
  receiveReset(code: number): void {
    this.#hasSentEnd = true;
    if (code === 0 && this.#hasReceivedEnd) return;
    this.#hasReceivedEnd = true;
    this.destroy(new Error(`the stream was closed with error code ${code}`));
  }

  /** There may be room again. */
  sendWaiting(): void {
    const waiting = this.#waiting;
    if (!waiting || this.destroyed) return;
    waiting.bytes = waiting.bytes.subarray(this.#session.sendData(this, waiting.bytes));
    if (waiting.bytes.length > 0) return;
    this.#waiting = undefined;
    waiting.done();
  }

  /** Its reader has room: what it took may come again. */
  override _read(): void {
    if (this.#hasReceivedEnd || this.#unacknowledged < this.#windowBytes / 4) return;
    this.#session.grant(this.id, this.#unacknowledged);
    this.#unacknowledged = 0;
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // A server that has ended it without an error wants no more of it.
    if (this.#hasSentEnd) done();
    else {
      this.#waiting = { bytes, done };
      this.sendWaiting();
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#hasSentEnd) this.#session.endData(this.id);
    this.#hasSentEnd = true;
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#hasSentEnd || !this.#hasReceivedEnd) this.#session.reset(this.id, cancelCode);
    this.#session.gone(this);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.done(error ?? new Error("the stream was closed"));
    done(error);
  }

  #receiveEnd(): void {
    this.#hasReceivedEnd = true;
    this.push(null);
  }
}
