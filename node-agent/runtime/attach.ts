/**
 * The streams of a container's own process, through the socket on which its conmon serves any number of listeners at a time. conmon waits
 * for the slowest of them, and the container for conmon: whoever attaches must keep reading.
 */
import type { Socket } from "node:net";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { connectPackets } from "../host/packet-socket.ts";
import { resizeTerminal } from "./conmon-control.ts";
import type { AttachSession, ContainerStreams, OutputPart } from "./container-runtime.ts";

const socketName = "attach";
/** conmon reads a packet in pieces of no more: the rest of a longer one would be lost. */
const packetBytes = 8 * 1024;
/** So much is read ahead of whoever takes it. */
const aheadBytes = 256 * 1024;
/** The first byte of a packet. */
const standardError = 3;

const endOfTransmission = Buffer.from([4]);

/** Problem `conflict` when no conmon listens any more. */
export function attachToContainer(bundle: string, streams: ContainerStreams): AttachSession {
  return new ConmonSession(connect(bundle), bundle, streams);
}

function connect(bundle: string): Socket {
  try {
    return connectPackets(bundle, socketName);
  } catch (thrown) {
    const code = errnoOf(thrown);
    if (code !== "ENOENT" && code !== "ECONNREFUSED") throw thrown;
    throw new Problem("conflict", "the container has ended", { cause: thrown, retry: "later" });
  }
}

class ConmonSession implements AttachSession {
  readonly #bundle: string;
  readonly #streams: ContainerStreams;
  readonly #socket: Socket;
  readonly #parts: OutputPart[] = [];
  #bytes = 0;
  #hasEnded = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket, bundle: string, streams: ContainerStreams) {
    this.#socket = socket;
    this.#bundle = bundle;
    this.#streams = streams;
    socket.on("data", (packet: Buffer) => this.#take(packet));
    socket.on("error", () => undefined); // a broken connection ends like any other: what counts is the container's end
    for (const end of ["end", "close"] as const) socket.on(end, () => this.#end());
  }

  async read(): Promise<OutputPart | undefined> {
    while (this.#parts.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const stream = this.#parts[0]?.stream;
    if (stream === undefined) return undefined;
    const until = this.#parts.findIndex((part) => part.stream !== stream);
    const parts = this.#parts.splice(0, until < 0 ? this.#parts.length : until);
    const bytes = parts.length === 1 && parts[0] ? parts[0].bytes : Buffer.concat(parts.map((part) => part.bytes));
    this.#bytes -= bytes.length;
    if (this.#bytes < aheadBytes) this.#socket.resume();
    return { stream, bytes };
  }

  /** One packet after the other: what is queued while one is under way would go as a single one. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && this.#isWritable; at += packetBytes) {
      const packet = bytes.subarray(at, at + packetBytes);
      await new Promise<void>((resolve) => {
        this.#socket.once("close", resolve);
        this.#socket.write(packet, () => {
          this.#socket.off("close", resolve);
          resolve();
        });
      });
    }
  }

  endInput(): void {
    if (!this.#isWritable) return;
    if (this.#streams.terminal) this.#socket.write(endOfTransmission);
    else this.#socket.end();
  }

  async resize(rows: number, columns: number): Promise<void> {
    if (this.#streams.terminal) await resizeTerminal(this.#bundle, rows, columns);
  }

  close(): void {
    this.#socket.destroy();
    this.#end();
  }

  get #isWritable(): boolean {
    return this.#streams.stdin && !this.#hasEnded && this.#socket.writable;
  }

  #take(packet: Buffer): void {
    this.#parts.push({ stream: packet[0] === standardError ? "err" : "out", bytes: packet.subarray(1) });
    this.#bytes += packet.length - 1;
    if (this.#bytes >= aheadBytes) this.#socket.pause();
    this.#wakeUp();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
