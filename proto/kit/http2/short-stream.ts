/** A request that is gathered whole and answered in one piece: no stream of Node's, and one write for all of the answer. */

import type { ConnectionStream, Opening, StreamSession } from "./connection-stream.ts";
import { errorCode } from "./frames.ts";

/** Who gathers and answers. */
export interface ShortStreamUser {
  take(part: Buffer): void;
  /** The request is here whole. */
  ended(): void;
  /** Answered or cut: nothing more comes or goes. */
  closed(): void;
}

export class ShortStream implements ConnectionStream {
  readonly id: number;
  session: StreamSession | undefined;
  sendWindow: number;
  receiveWindow: number;
  ungrantedBytes = 0;
  requestEnded = false;
  readonly #user: ShortStreamUser;
  /** Since when the peer is to send or to take something. */
  #waitsSinceMs: number;
  #hasAnswer = false;
  #body: Uint8Array | undefined;
  #tail: Buffer | undefined;
  #answerEnded = false;

  constructor({ session, id, sendWindow, receiveWindow }: Opening, user: ShortStreamUser) {
    this.session = session;
    this.id = id;
    this.sendWindow = sendWindow;
    this.receiveWindow = receiveWindow;
    this.#user = user;
    this.#waitsSinceMs = session.monotonicMs();
    session.add(this);
  }

  get isWriting(): boolean {
    return this.#body !== undefined;
  }

  /** Header blocks before and after the body; without a body the first one is all. At most once. */
  answer(head: Buffer, body?: Uint8Array, tail?: Buffer): void {
    const { session } = this;
    if (!session || this.#hasAnswer) return;
    this.#hasAnswer = true;
    this.#waitsSinceMs = session.monotonicMs();
    session.sendHeaders(this.id, head, body === undefined);
    this.#body = body;
    this.#tail = tail;
    if (body) session.pump(this);
    else this.#endAnswer();
  }

  isStalled(nowMs: number, limitMs: number): boolean {
    const isWaiting = !this.requestEnded || (this.#hasAnswer && !this.#answerEnded);
    return isWaiting && nowMs - this.#waitsSinceMs >= limitMs;
  }

  receive(bytes: Buffer): void {
    this.session?.grant(this, bytes.length);
    if (!this.#hasAnswer) this.#user.take(bytes);
  }

  receiveEnd(): void {
    if (this.requestEnded) return;
    this.requestEnded = true;
    if (!this.#hasAnswer) this.#user.ended();
    else if (this.#answerEnded) this.#leave();
  }

  receiveReset(): void {
    if (this.session) this.#leave();
  }

  close(): void {
    this.session?.sendReset(this.id, errorCode.cancel);
    this.receiveReset();
  }

  sendPiece(): boolean {
    const body = this.#body;
    const { session } = this;
    if (!body || !session) return false;
    const room = Math.min(session.roomBytes, this.sendWindow);
    if (room <= 0 && body.length > 0) return false;
    const piece = body.subarray(0, room);
    this.sendWindow -= piece.length;
    session.sendData(this.id, piece, false);
    this.#body = piece.length < body.length ? body.subarray(room) : undefined;
    if (this.#body) return true;
    session.sendHeaders(this.id, this.#tail ?? Buffer.alloc(0), true);
    this.#endAnswer();
    return false;
  }

  #endAnswer(): void {
    this.#answerEnded = true;
    if (this.requestEnded) this.#leave();
  }

  #leave(): void {
    const { session } = this;
    this.session = undefined;
    this.#body = undefined;
    session?.left(this);
    this.#user.closed();
  }
}
