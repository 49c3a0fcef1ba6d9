/** What a connection and each of its streams know of one another. */
import type { TLSSocket } from "node:tls";

export interface ConnectionStream {
  readonly id: number;
  /** What the peer still takes; may be negative after it changed its mind. */
  sendWindow: number;
  /** What it may still send. */
  receiveWindow: number;
  /** Read, and not yet granted again. */
  ungrantedBytes: number;
  readonly requestEnded: boolean;
  /** Whether bytes wait to be sent. */
  readonly isWriting: boolean;
  /** Sends what the windows allow, of at most one frame. False when nothing is left, or nothing can be sent now. */
  sendPiece(): boolean;
  /** Whether the peer has not sent, or not taken, for so long what it should have. */
  isStalled(nowMs: number, limitMs: number): boolean;
  receive(bytes: Buffer): void;
  receiveEnd(): void;
  /** The peer has cut it, or the connection is gone. */
  receiveReset(code: number): void;
}

/** The connection, as its streams see it. */
export interface StreamSession {
  readonly socket: TLSSocket;
  /** How many bytes of DATA may go out now, of all streams; one frame's at most. */
  readonly roomBytes: number;
  monotonicMs(): number;
  add(stream: ConnectionStream): void;
  /** With what it was sent and nobody has read. */
  left(stream: ConnectionStream, heldBytes?: number): void;
  sendHeaders(streamId: number, block: Buffer, endStream: boolean): void;
  sendData(streamId: number, bytes: Uint8Array, endStream: boolean): void;
  sendReset(streamId: number, code: number): void;
  /** Sends what a stream has, as far as there is room; the rest when there is room again. */
  pump(stream: ConnectionStream): void;
  /** The bytes were read: their sender may send as many again. */
  grant(stream: ConnectionStream, bytes: number): void;
}

/** What a new stream is made with; it adds itself to the connection. */
export interface Opening {
  readonly session: StreamSession;
  readonly id: number;
  readonly sendWindow: number;
  readonly receiveWindow: number;
}
