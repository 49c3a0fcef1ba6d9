/**
 * A route netlink socket of the current network namespace (rtnetlink(7)): one request, its answers. The kernel answers within the send,
 * so nothing here waits.
 */
import { closeSync } from "node:fs";
import { getSystemErrorName } from "node:util";
import { declare, SystemError } from "./libc.ts";

const nativeSocket = declare<[number, number, number]>("int socket(int domain, int type, int protocol)");
const nativeSend = declare<[number, Uint8Array, number, number]>(
  "long send(int fd, const void *data, size_t size, int flags)",
);
const nativeReceive = declare<[number, Uint8Array, number, number]>(
  "long recv(int fd, void *data, size_t size, int flags)",
);

const addressFamily = 16; // AF_NETLINK
const rawCloseOnExec = 3 | 0o2000000; // SOCK_RAW | SOCK_CLOEXEC
const routeProtocol = 0; // NETLINK_ROUTE
const doNotWait = 0x40; // MSG_DONTWAIT
const headerBytes = 16;
const errorType = 2;
const doneType = 3;
const defaultReceiveBytes = 256 * 1024;

export const netlinkFlags = {
  request: 1,
  acknowledge: 4,
  dump: 0x300,
  replace: 0x100,
  exclusive: 0x200,
  create: 0x400,
};

export interface NetlinkMessage {
  readonly type: number;
  readonly payload: Buffer;
}

export class NetlinkSocket {
  readonly #fd: number;
  readonly #buffer: Buffer;
  #sequence = 0;

  /** `receiveBytes` bounds one datagram of an answer. */
  constructor(receiveBytes = defaultReceiveBytes) {
    this.#buffer = Buffer.alloc(receiveBytes);
    this.#fd = nativeSocket("netlink", addressFamily, rawCloseOnExec, routeProtocol);
  }

  /** Sends one request and returns what came back, without the acknowledgement. Throws `SystemError` with the kernel's errno. */
  request(name: string, type: number, flags: number, payload: Uint8Array): readonly NetlinkMessage[] {
    const sequence = ++this.#sequence;
    const isDump = (flags & netlinkFlags.dump) === netlinkFlags.dump;
    const message = Buffer.alloc(headerBytes + payload.length);
    message.writeUInt32LE(message.length, 0);
    message.writeUInt16LE(type, 4);
    message.writeUInt16LE(flags | netlinkFlags.request | (isDump ? 0 : netlinkFlags.acknowledge), 6);
    message.writeUInt32LE(sequence, 8);
    message.set(payload, headerBytes);
    nativeSend(name, this.#fd, message, message.length, 0);
    const answers: NetlinkMessage[] = [];
    while (!this.#receive(name, sequence, answers));
    return answers;
  }

  /** Reads one datagram; true when it ended the answer. */
  #receive(name: string, sequence: number, answers: NetlinkMessage[]): boolean {
    const size = nativeReceive(name, this.#fd, this.#buffer, this.#buffer.length, doNotWait);
    for (let at = 0; at + headerBytes <= size; ) {
      const length = this.#buffer.readUInt32LE(at);
      const type = this.#buffer.readUInt16LE(at + 4);
      const isOurs = this.#buffer.readUInt32LE(at + 8) === sequence;
      const payload = Buffer.from(this.#buffer.subarray(at + headerBytes, at + length));
      at += align(Math.max(length, headerBytes));
      if (!isOurs) continue; // left over from a request that failed halfway
      if (type === doneType) return true;
      if (type !== errorType) answers.push({ type, payload });
      else {
        const errno = -payload.readInt32LE(0);
        if (errno !== 0) throw new SystemError("netlink", errno, `${name} (${getSystemErrorName(-errno)})`);
        return true;
      }
    }
    return false;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** One attribute: type, and bytes, a string (with its NUL), a number (32 bit) or nested attributes. */
export function attribute(type: number, value: Uint8Array | string | number | readonly Uint8Array[]): Buffer {
  const payload = attributeBytes(value);
  const bytes = Buffer.alloc(align(4 + payload.length));
  bytes.writeUInt16LE(4 + payload.length, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.set(payload, 4);
  return bytes;
}

function attributeBytes(value: Uint8Array | string | number | readonly Uint8Array[]): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return Buffer.from(`${value}\0`);
  if (typeof value !== "number") return Buffer.concat(value);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0, 0);
  return bytes;
}

/** Attributes by type; of several of one type the last. */
export function parseAttributes(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < 4 || at + length > bytes.length) break;
    found.set(bytes.readUInt16LE(at + 2) & 0x3fff, bytes.subarray(at + 4, at + length));
    at += align(length);
  }
  return found;
}

function align(length: number): number {
  return (length + 3) & ~3;
}
