/** A peer that writes its own HTTP/2 frames over TLS: what no client library would do. */
import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import type { TestAuthority } from "./certificates.ts";

export const frameTypes = {
  data: 0,
  headers: 1,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const headerBytes = 9;
const endStream = 1;

export interface Frame {
  readonly type: number;
  readonly stream: number;
  readonly payload: Buffer;
  /** Nothing more comes on its stream. */
  readonly isLast: boolean;
}

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

export class RawPeer {
  readonly socket: TLSSocket;
  /** Everything that came. */
  readonly closed: Promise<void>;
  #received: Buffer[] = [];

  private constructor(socket: TLSSocket) {
    this.socket = socket;
    socket.on("data", (part: Buffer) => this.#received.push(part)).on("error", () => undefined);
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
  }

  /** Connected, with the preface and empty settings sent. */
  static async connect(port: number, authority: TestAuthority, subject: string, servername: string): Promise<RawPeer> {
    const { certificateChain, privateKey } = await authority.issue(subject);
    const tls = { ca: authority.pem, cert: certificateChain, key: privateKey, servername, ALPNProtocols: ["h2"] };
    const socket = connect({ port, host: "127.0.0.1", ...tls });
    await once(socket, "secureConnect");
    const peer = new RawPeer(socket);
    peer.write(Buffer.concat([Buffer.from(preface), frame(frameTypes.settings, 0, 0)]));
    return peer;
  }

  write(bytes: Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** What came on a stream until its end. */
  async untilEnd(stream: number): Promise<readonly Frame[]> {
    while (true) {
      const frames = [...this.#frames()].filter((one) => one.stream === stream);
      if (frames.at(-1)?.isLast) return frames;
      await once(this.socket, "data", { signal: AbortSignal.timeout(30_000) });
    }
  }

  /** Debug data of the GOAWAY that came, "" when none did. */
  farewell(): string {
    for (const { type, payload } of this.#frames()) {
      if (type === frameTypes.goaway) return payload.toString("utf8", 8);
    }
    return "";
  }

  /** Those that are here whole. */
  *#frames(): Generator<Frame, void, undefined> {
    const bytes = Buffer.concat(this.#received);
    for (let at = 0; at + headerBytes <= bytes.length; ) {
      const end = at + headerBytes + bytes.readUIntBE(at, 3);
      if (end > bytes.length) return;
      const [type = 0, flags = 0] = bytes.subarray(at + 3, at + 5);
      const hasEnd = type === frameTypes.data || type === frameTypes.headers;
      const payload = bytes.subarray(at + headerBytes, end);
      yield { type, stream: bytes.readUInt32BE(at + 5), payload, isLast: hasEnd && (flags & endStream) !== 0 };
      at = end;
    }
  }
}
