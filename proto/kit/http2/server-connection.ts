/**
 * The server's side of an HTTP/2 connection (RFC 9113). Node's own costs several times as much for a short call: objects on both
 * sides of the border to C++, and an answer in two writes. All that a turn has to say goes out in one write.
 */
import { EventEmitter } from "node:events";
import type { TLSSocket } from "node:tls";
import type { Clock, Timer } from "../clock.ts";
import { type Rate, TokenBuckets } from "../token-buckets.ts";
import type { ConnectionStream, Opening, StreamSession } from "./connection-stream.ts";
import {
  ConnectionError,
  contentOf,
  errorCode,
  type Frame,
  FrameReader,
  frame,
  frameFlag,
  frameHeader,
  frameType,
  goawayFrame,
  headersFrames,
  maxFrameBytes,
  numberFrame,
  setting,
  settingsFrame,
} from "./frames.ts";
import { type HeaderBlock, HeaderBlocks, maxHeaderListBytes } from "./header-blocks.ts";
import { HpackError } from "./hpack-decoder.ts";
import { Outbox } from "./outbox.ts";
import { type RequestHeaders, requestHeaders } from "./request-headers.ts";

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly maxStreams: number;
  /** What the peer may have on its way in one stream, and in all of them. */
  readonly streamWindowBytes: number;
  readonly windowBytes: number;
  /** Streams that the peer opens and resets at once. */
  readonly resets: Rate;
  /** How long a peer may neither send nor take what it should. */
  readonly stallMs: number;
  /** Makes a stream of it, which is to answer. */
  readonly onRequest: (opening: Opening, headers: RequestHeaders) => void;
}

/** `control-frame`: one that asks for an answer and carries nothing, PING or SETTINGS. `stalled`: a stream waits for its peer. */
interface Events {
  "control-frame": [];
  stalled: [];
  /** It was ended by an error of ours. */
  failed: [thrown: unknown];
  close: [];
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const defaultWindowBytes = 65_535;
const maxWindowBytes = 2 ** 31 - 1;
const pingBytes = 8;
/** What waits in the socket; streams wait above that. */
const maxUnsentBytes = 256 * 1024;

export class ServerConnection extends EventEmitter<Events> implements StreamSession {
  readonly socket: TLSSocket;
  readonly #options: ConnectionOptions;
  readonly #frames = new FrameReader();
  readonly #blocks = new HeaderBlocks();
  readonly #outbox: Outbox;
  readonly #resets: TokenBuckets;
  readonly #streams = new Map<number, ConnectionStream>();
  /** Have something to send and no room for it. */
  readonly #blocked = new Set<ConnectionStream>();
  #prefaceLeft = preface.length;
  #lastStreamId = 0;
  #sendWindow = defaultWindowBytes;
  #peerStreamWindow = defaultWindowBytes;
  #receiveWindow: number;
  /** Taken and not yet granted again. */
  #takenBytes = 0;
  #isLeaving = false;
  #hasClosed = false;
  #onPong: (() => void) | undefined;
  #lookout: Timer | undefined;

  constructor(socket: TLSSocket, options: ConnectionOptions) {
    super();
    this.socket = socket;
    this.#outbox = new Outbox(socket);
    this.#options = options;
    this.#resets = new TokenBuckets(options.clock, options.resets);
    this.#receiveWindow = options.windowBytes;
    socket.setNoDelay(true);
    socket.on("data", (part: Buffer) => this.#take(part));
    socket.on("drain", () => this.#resume());
    socket.on("error", () => undefined);
    socket.on("end", () => this.destroy());
    socket.once("close", () => this.#closed());
    this.#outbox.send(
      settingsFrame([
        [setting.maxConcurrentStreams, options.maxStreams],
        [setting.initialWindowSize, options.streamWindowBytes],
        [setting.maxHeaderListSize, maxHeaderListBytes],
      ]),
    );
    this.#outbox.send(numberFrame(frameType.windowUpdate, 0, options.windowBytes - defaultWindowBytes));
  }

  get destroyed(): boolean {
    return this.#hasClosed || this.socket.destroyed;
  }

  monotonicMs(): number {
    return this.#options.clock.monotonicMs();
  }

  get roomBytes(): number {
    if (this.#outbox.waitingBytes >= maxUnsentBytes) return 0;
    return Math.min(this.#sendWindow, maxFrameBytes);
  }

  sendHeaders(streamId: number, block: Buffer, endStream: boolean): void {
    this.#outbox.send(headersFrames(streamId, block, endStream));
  }

  sendData(streamId: number, bytes: Uint8Array, endStream: boolean): void {
    this.#sendWindow -= bytes.length;
    this.#outbox.send(frameHeader(frameType.data, endStream ? frameFlag.endStream : 0, streamId, bytes.length));
    if (bytes.length > 0) this.#outbox.send(bytes);
  }

  sendReset(streamId: number, code: number): void {
    this.#outbox.send(numberFrame(frameType.reset, streamId, code));
  }

  pump(stream: ConnectionStream): void {
    while (stream.sendPiece()) {
      if (Math.min(this.roomBytes, stream.sendWindow) > 0) continue;
      this.#blocked.add(stream);
      return;
    }
    if (stream.isWriting) this.#blocked.add(stream);
    else this.#blocked.delete(stream);
  }

  grant(stream: ConnectionStream, bytes: number): void {
    this.#grantAll(bytes);
    stream.ungrantedBytes += bytes;
    if (stream.requestEnded || stream.ungrantedBytes < this.#options.streamWindowBytes / 2) return;
    this.#outbox.send(numberFrame(frameType.windowUpdate, stream.id, stream.ungrantedBytes));
    stream.receiveWindow += stream.ungrantedBytes;
    stream.ungrantedBytes = 0;
  }

  add(stream: ConnectionStream): void {
    this.#streams.set(stream.id, stream);
    this.#lookout ??= this.#lookOut();
  }

  left(stream: ConnectionStream, heldBytes = 0): void {
    this.#streams.delete(stream.id);
    this.#blocked.delete(stream);
    this.#grantAll(heldBytes);
    if (this.#isLeaving && this.#streams.size === 0) this.#end();
  }

  /** Takes no more streams, and ends when those it has are done. */
  leave(): void {
    if (this.#isLeaving || this.destroyed) return;
    this.#isLeaving = true;
    this.#outbox.send(goawayFrame(this.#lastStreamId, errorCode.none, ""));
    if (this.#streams.size === 0) this.#end();
  }

  /** Ends at once, with a reason for the peer. */
  end(code: number, text: string): void {
    if (this.destroyed) return;
    this.#outbox.send(goawayFrame(this.#lastStreamId, code, text));
    this.#outbox.flush();
    // A peer that reads nothing would not let it end.
    setImmediate(() => this.destroy());
  }

  destroy(): void {
    this.socket.destroy();
  }

  ping(onPong: () => void): void {
    this.#onPong = onPong;
    this.#outbox.send(frame(frameType.ping, 0, 0, Buffer.alloc(pingBytes)));
  }

  #end(): void {
    this.#outbox.flush();
    this.socket.end();
  }

  #take(part: Buffer): void {
    try {
      const rest = this.#prefaceLeft === 0 ? part : this.#takePreface(part);
      for (const each of this.#frames.push(rest)) {
        if (this.destroyed) return;
        this.#takeFrame(each);
      }
    } catch (thrown) {
      if (thrown instanceof ConnectionError) this.end(thrown.code, thrown.message);
      else if (thrown instanceof HpackError) this.end(errorCode.compression, thrown.message);
      else {
        // Nothing that a peer sends may end the process.
        this.end(errorCode.internal, "a frame could not be served");
        this.emit("failed", thrown);
      }
    }
  }

  #takePreface(part: Buffer): Buffer {
    const from = preface.length - this.#prefaceLeft;
    const length = Math.min(part.length, this.#prefaceLeft);
    if (preface.compare(part, 0, length, from, from + length) !== 0) {
      throw new ConnectionError(errorCode.protocol, "this is no HTTP/2");
    }
    this.#prefaceLeft -= length;
    return part.subarray(length);
  }

  #takeFrame(each: Frame): void {
    this.#blocks.assertMayCome(each);
    this.#takers[each.type]?.(each);
  }

  /** By type. Priorities are not followed, a goodbye is heard when the connection ends, and unknown frames mean nothing. */
  readonly #takers: Readonly<Record<number, (each: Frame) => void>> = {
    [frameType.data]: (each) => this.#takeData(each),
    [frameType.headers]: (each) => this.#takeHeaders(each),
    [frameType.continuation]: (each) => this.#takeHeaders(each),
    [frameType.reset]: (each) => this.#takeReset(each),
    [frameType.settings]: (each) => this.#takeSettings(each),
    [frameType.ping]: (each) => this.#takePing(each),
    [frameType.windowUpdate]: (each) => this.#takeWindowUpdate(each),
    [frameType.pushPromise]: () => {
      throw new ConnectionError(errorCode.protocol, "a client promised a push");
    },
  };

  #takeData(each: Frame): void {
    const content = contentOf(each);
    const taken = each.payload.length;
    const stream = this.#known(each.streamId);
    this.#receiveWindow -= taken;
    if (stream) stream.receiveWindow -= taken;
    if (this.#receiveWindow < 0 || (stream?.receiveWindow ?? 0) < 0) {
      throw new ConnectionError(errorCode.flowControl, "more data than its window");
    }
    // What was on its way to a stream that has ended.
    if (!stream) {
      this.#grantAll(taken);
      return;
    }
    if (stream.requestEnded) throw new ConnectionError(errorCode.streamClosed, "data after its end");
    if (taken > content.length) this.grant(stream, taken - content.length);
    if (content.length > 0) stream.receive(content);
    if (each.flags & frameFlag.endStream) stream.receiveEnd();
  }

  /** Undefined for a stream that has ended. */
  #known(streamId: number): ConnectionStream | undefined {
    if (streamId === 0 || streamId > this.#lastStreamId || streamId % 2 === 0) {
      throw new ConnectionError(errorCode.protocol, `a frame for stream ${streamId}, which is not there`);
    }
    return this.#streams.get(streamId);
  }

  #takeHeaders(each: Frame): void {
    if (each.streamId % 2 === 0) throw new ConnectionError(errorCode.protocol, "a stream with an even number");
    const block = this.#blocks.take(each);
    if (!block) return;
    if (block.streamId > this.#lastStreamId) this.#open(block);
    // Trailers, of which a request has none for us.
    else if (block.endStream) this.#streams.get(block.streamId)?.receiveEnd();
    else throw new ConnectionError(errorCode.protocol, "headers in the middle of a request");
  }

  #open({ streamId, endStream, headers: list }: HeaderBlock): void {
    this.#lastStreamId = streamId;
    const headers = list && requestHeaders(list);
    const isFull = this.#isLeaving || this.#streams.size >= this.#options.maxStreams;
    if (isFull || !headers) {
      this.#countReset();
      this.sendReset(streamId, isFull ? errorCode.refusedStream : errorCode.protocol);
      return;
    }
    const windows = { sendWindow: this.#peerStreamWindow, receiveWindow: this.#options.streamWindowBytes };
    this.#options.onRequest({ session: this, id: streamId, ...windows }, headers);
    if (endStream) this.#streams.get(streamId)?.receiveEnd();
  }

  #takeReset({ streamId, payload }: Frame): void {
    if (payload.length !== 4) throw new ConnectionError(errorCode.frameSize, "RST_STREAM has 4 bytes");
    this.#known(streamId)?.receiveReset(payload.readUInt32BE());
    this.#countReset();
  }

  /** Streams opened and reset at once cost us more than their sender (CVE-2023-44487). */
  #countReset(): void {
    if (this.#resets.take("") > 0) throw new ConnectionError(errorCode.enhanceYourCalm, "too many streams were reset");
  }

  #takeSettings({ flags, streamId, payload }: Frame): void {
    if (streamId !== 0 || payload.length % 6 !== 0)
      throw new ConnectionError(errorCode.frameSize, "SETTINGS out of shape");
    if (flags & frameFlag.ack) return;
    for (let at = 0; at < payload.length; at += 6) {
      if (payload.readUInt16BE(at) === setting.initialWindowSize)
        this.#changeStreamWindows(payload.readUInt32BE(at + 2));
    }
    this.#outbox.send(frame(frameType.settings, frameFlag.ack, 0));
    this.emit("control-frame");
  }

  #changeStreamWindows(bytes: number): void {
    if (bytes > maxWindowBytes) throw new ConnectionError(errorCode.flowControl, "a window beyond what there can be");
    const change = bytes - this.#peerStreamWindow;
    this.#peerStreamWindow = bytes;
    for (const stream of this.#streams.values()) stream.sendWindow += change;
    if (change > 0) this.#resume();
  }

  #takePing({ flags, streamId, payload }: Frame): void {
    if (streamId !== 0 || payload.length !== pingBytes)
      throw new ConnectionError(errorCode.frameSize, "PING out of shape");
    if (flags & frameFlag.ack) {
      const onPong = this.#onPong;
      this.#onPong = undefined;
      onPong?.();
      return;
    }
    this.#outbox.send(frame(frameType.ping, frameFlag.ack, 0, payload));
    this.emit("control-frame");
  }

  #takeWindowUpdate({ streamId, payload }: Frame): void {
    const bytes = payload.length === 4 ? payload.readUInt32BE() & maxWindowBytes : 0;
    if (bytes === 0) throw new ConnectionError(errorCode.protocol, "a window that grows by nothing");
    if (streamId === 0) {
      this.#sendWindow += bytes;
      if (this.#sendWindow > maxWindowBytes) throw new ConnectionError(errorCode.flowControl, "too large a window");
      this.#resume();
      return;
    }
    const stream = this.#known(streamId);
    if (!stream) return;
    stream.sendWindow += bytes;
    if (stream.sendWindow > maxWindowBytes) throw new ConnectionError(errorCode.flowControl, "too large a window");
    if (this.#blocked.has(stream)) this.pump(stream);
  }

  /** One frame of each in turn, so that a large answer does not hold up small ones. */
  #resume(): void {
    while (this.#blocked.size > 0 && this.roomBytes > 0) {
      let hasSent = false;
      for (const stream of [...this.#blocked]) {
        if (stream.sendWindow <= 0) continue;
        hasSent = true;
        if (!stream.sendPiece() && !stream.isWriting) this.#blocked.delete(stream);
        if (this.roomBytes <= 0) return;
      }
      if (!hasSent) return;
    }
  }

  #grantAll(bytes: number): void {
    this.#takenBytes += bytes;
    if (this.#takenBytes < this.#options.windowBytes / 2 || this.destroyed) return;
    this.#outbox.send(numberFrame(frameType.windowUpdate, 0, this.#takenBytes));
    this.#receiveWindow += this.#takenBytes;
    this.#takenBytes = 0;
  }

  #closed(): void {
    if (this.#hasClosed) return;
    this.#hasClosed = true;
    this.#lookout?.cancel();
    for (const stream of [...this.#streams.values()]) stream.receiveReset(errorCode.cancel);
    this.emit("close");
  }

  /** One timer for all streams, while there are any. */
  #lookOut(): Timer {
    const { clock, stallMs } = this.#options;
    return clock.after(stallMs / 4, () => {
      this.#lookout = this.#streams.size > 0 && !this.destroyed ? this.#lookOut() : undefined;
      const nowMs = clock.monotonicMs();
      for (const stream of this.#streams.values()) {
        if (!stream.isStalled(nowMs, stallMs)) continue;
        this.emit("stalled");
        return;
      }
    });
  }
}
