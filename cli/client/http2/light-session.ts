/**
 * The client's side of an HTTP/2 connection (RFC 9113), for a process that makes a call and ends: it is there sooner than Node's, whose
 * modules must be loaded and compiled first (docs/decisions/0004). It looks like Node's to `Http2Client`.
 */
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { Problem } from "#proto/kit/problem.ts";
import type { Http2Connection } from "#proto/kit/rpc/http2-connection.ts";
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
  headersFrames,
  maxFrameBytes,
  numberFrame,
  setting,
  settingsFrame,
} from "./frames.ts";
import { HeaderBlocks, maxHeaderListBytes } from "./header-blocks.ts";
import { headerBlock } from "./hpack-encoder.ts";
import { LightStream, type StreamSession } from "./light-stream.ts";

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/** What either side begins with. */
const initialWindowBytes = 65_535;
const largestWindowBytes = 2 ** 31 - 1;
const enablePush = 2;

export interface LightSessionOptions {
  readonly scheme: "http" | "https";
  readonly authority: string;
  /** Of one stream. */
  readonly windowBytes: number;
  /** Of all of them. */
  readonly connectionWindowBytes: number;
}

export class LightSession extends EventEmitter implements Http2Connection {
  readonly #socket: Duplex;
  readonly #options: LightSessionOptions;
  readonly #frames = new FrameReader();
  readonly #blocks = new HeaderBlocks();
  readonly #streams = new Map<number, LightStream>();
  readonly #pings: (() => void)[] = [];
  readonly #asSession: StreamSession;
  #nextStream = 1;
  #sendWindow = initialWindowBytes;
  #streamSendWindow = initialWindowBytes;
  #receivedBytes = 0;
  #isGathering = false;
  closed = false;
  destroyed = false;

  /** Speaks first; emits `remoteSettings` when the server has answered. */
  constructor(socket: Duplex, options: LightSessionOptions) {
    super();
    this.#socket = socket;
    this.#options = options;
    this.#asSession = {
      sendData: (stream, bytes) => this.#sendData(stream, bytes),
      endData: (id) => this.#write(frame(frameType.data, frameFlag.endStream, id)),
      reset: (id, code) => this.#write(numberFrame(frameType.reset, id, code)),
      grant: (id, bytes) => this.#write(numberFrame(frameType.windowUpdate, id, bytes)),
      gone: (stream) => this.#gone(stream),
    };
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
    socket.once("error", (error) => this.destroy(error));
    socket.once("close", () => this.destroy());
    const more = options.connectionWindowBytes - initialWindowBytes;
    const greeting = [Buffer.from(preface), ourSettings(options.windowBytes)];
    this.#write(Buffer.concat(more > 0 ? [...greeting, numberFrame(frameType.windowUpdate, 0, more)] : greeting));
  }

  /** Throws when it takes no more. */
  request(headers: Readonly<Record<string, string>>): LightStream {
    if (this.closed || this.destroyed) throw new Problem("unavailable", "the connection is closed");
    const id = this.#nextStream;
    this.#nextStream += 2;
    const windows = { receive: this.#options.windowBytes, send: this.#streamSendWindow };
    const stream = new LightStream(this.#asSession, id, windows);
    this.#streams.set(id, stream);
    const { scheme, authority } = this.#options;
    const block = headerBlock({ ":scheme": scheme, ":authority": authority, ...headers });
    this.#write(headersFrames(id, block, false));
    return stream;
  }

  ping(answered: () => void): void {
    this.#pings.push(answered);
    this.#write(frame(frameType.ping, 0, 0, Buffer.alloc(8)));
  }

  /** Takes no more calls; ends with the last of them. */
  close(): void {
    this.closed = true;
    if (this.#streams.size === 0) this.destroy();
  }

  destroy(error?: Error): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.closed = true;
    for (const stream of this.#streams.values()) stream.destroy(error ?? new Error("the other side hung up"));
    this.#socket.destroy();
    if (error) this.emit("error", error);
    this.emit("close");
  }

  /** What is said in one turn leaves as one: headers and what follows them, without the other side being woken for each. */
  #write(bytes: Buffer): void {
    if (this.destroyed) return;
    if (!this.#isGathering) {
      this.#isGathering = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#isGathering = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(bytes);
  }

  #receive(bytes: Buffer): void {
    try {
      for (const each of this.#frames.push(bytes)) {
        if (this.destroyed) return;
        this.#take(each);
      }
      this.#grantReceived();
    } catch (thrown) {
      this.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  #take(each: Frame): void {
    this.#blocks.assertMayCome(each);
    // Types that nobody knows are passed over, as the protocol has it.
    this.#takers[each.type]?.(each);
  }

  readonly #takers: Readonly<Record<number, (each: Frame) => void>> = {
    [frameType.data]: (each) => this.#takeData(each),
    [frameType.headers]: (each) => this.#takeHeaders(each),
    [frameType.continuation]: (each) => this.#takeHeaders(each),
    [frameType.reset]: ({ streamId, payload }) => this.#streams.get(streamId)?.receiveReset(numberIn(payload)),
    [frameType.settings]: (each) => this.#takeSettings(each),
    [frameType.pushPromise]: () => {
      throw nonsense("a push that nobody allowed");
    },
    [frameType.ping]: (each) => this.#takePing(each),
    [frameType.goaway]: ({ payload }) => this.#takeGoAway(payload),
    [frameType.windowUpdate]: ({ streamId, payload }) => this.#takeWindow(streamId, numberIn(payload)),
  };

  #takeHeaders(each: Frame): void {
    const block = this.#blocks.take(each);
    if (!block) return;
    if (!block.headers) throw nonsense("more headers than allowed");
    this.#streams.get(block.streamId)?.receiveHeaders(Object.fromEntries(block.headers), block.endStream);
  }

  #takePing({ flags: set, payload }: Frame): void {
    if (set & frameFlag.ack) this.#pings.shift()?.();
    else this.#write(frame(frameType.ping, frameFlag.ack, 0, payload));
  }

  #takeData(each: Frame): void {
    const length = each.payload.length;
    this.#receivedBytes += length;
    this.#streams.get(each.streamId)?.receiveData(contentOf(each), length, (each.flags & frameFlag.endStream) !== 0);
  }

  /** The connection's window is given back at once: what is kept is bounded by the streams' own. */
  #grantReceived(): void {
    if (this.#receivedBytes < this.#options.connectionWindowBytes / 4) return;
    this.#write(numberFrame(frameType.windowUpdate, 0, this.#receivedBytes));
    this.#receivedBytes = 0;
  }

  #takeSettings({ flags: set, payload }: Frame): void {
    if (set & frameFlag.ack) return;
    for (let at = 0; at + 6 <= payload.length; at += 6) {
      if (payload.readUInt16BE(at) !== setting.initialWindowSize) continue;
      const bytes = payload.readUInt32BE(at + 2);
      if (bytes > largestWindowBytes) throw nonsense("a window that is too large");
      for (const stream of this.#streams.values()) stream.sendWindow += bytes - this.#streamSendWindow;
      this.#streamSendWindow = bytes;
    }
    this.#write(frame(frameType.settings, frameFlag.ack, 0));
    this.#sendWaiting();
    this.emit("remoteSettings");
  }

  #takeWindow(id: number, bytes: number): void {
    const stream = this.#streams.get(id);
    if (id === 0) this.#sendWindow += bytes;
    else if (stream) stream.sendWindow += bytes;
    if (Math.max(this.#sendWindow, stream?.sendWindow ?? 0) > largestWindowBytes)
      throw nonsense("a window that is too large");
    this.#sendWaiting();
  }

  /** Streams that the server will not serve end; without an error the others go on. */
  #takeGoAway(payload: Buffer): void {
    const last = payload.length >= 8 ? payload.readUInt32BE(0) & 0x7fffffff : 0;
    const code = payload.length >= 8 ? payload.readUInt32BE(4) : 0;
    if (code !== 0) {
      const why = payload.subarray(8).toString("utf8");
      throw new Error(why === "" ? `the server ended the connection with error code ${code}` : why);
    }
    for (const [id, stream] of this.#streams) if (id > last) stream.destroy(new Error("the server is stopping"));
    this.close();
  }

  #sendWaiting(): void {
    for (const stream of this.#streams.values()) stream.sendWaiting();
  }

  #sendData(stream: LightStream, bytes: Buffer): number {
    let sent = 0;
    while (sent < bytes.length) {
      const room = Math.min(this.#sendWindow, stream.sendWindow, maxFrameBytes, bytes.length - sent);
      if (room <= 0) break;
      this.#write(frameHeader(frameType.data, 0, stream.id, room));
      this.#write(bytes.subarray(sent, sent + room));
      this.#sendWindow -= room;
      stream.sendWindow -= room;
      sent += room;
    }
    return sent;
  }

  #gone(stream: LightStream): void {
    this.#streams.delete(stream.id);
    if (this.closed && this.#streams.size === 0) this.destroy();
  }
}

const ourSettings = (windowBytes: number): Buffer =>
  settingsFrame([
    [enablePush, 0],
    [setting.initialWindowSize, windowBytes],
    [setting.maxHeaderListSize, maxHeaderListBytes],
  ]);

function numberIn(payload: Buffer): number {
  if (payload.length !== 4) throw nonsense("a number of another length");
  return payload.readUInt32BE(0) & 0x7fffffff;
}

const nonsense = (what: string): ConnectionError => new ConnectionError(errorCode.protocol, `the server sent ${what}`);
