/** Links and addresses of the current network namespace by netlink: a veth pair costs half a millisecond instead of a program. */
import { closeSync, openSync } from "node:fs";
import { errnoOf } from "#proto/kit/problem.ts";
import { attribute, NetlinkSocket, netlinkFlags, parseAttributes } from "../host/netlink.ts";
import { parseAddress } from "./ipv4.ts";

const newLink = 16;
const deleteLink = 17;
const getLink = 18;
const setLink = 19;
const newAddress = 20;
const deleteAddress = 21;
const getAddress = 22;
const newRoute = 24;

const ifla = {
  address: 1,
  name: 3,
  mtu: 4,
  master: 10,
  info: 18,
  alias: 20,
  namespaceFd: 28,
  txQueues: 31,
  rxQueues: 32,
};
const infoKind = 1;
const infoData = 2;
const vethPeer = 1;
const ifa = { address: 1, local: 2, broadcast: 4 };
const rta = { outLink: 4, gateway: 5 };
const up = 1;
const ipv4 = 2;
const mainTable = 254;
const bootProtocol = 3;
const unicast = 1;
const messageHeaderBytes = { link: 16, address: 8 };

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly label: string;
  readonly masterIndex: number | undefined;
  readonly isUp: boolean;
}

export interface VethPair {
  readonly name: string;
  readonly masterIndex: number;
  readonly mtu: number | undefined;
  readonly peerName: string;
  readonly peerHardwareAddress: Uint8Array;
  /** The peer is made in this namespace, down. */
  readonly peerNamespacePath: string;
}

export class Links {
  readonly #socket: NetlinkSocket;

  /** Acts in the network namespace that the thread is in now, also later. */
  constructor(receiveBytes?: number) {
    this.#socket = new NetlinkSocket(receiveBytes);
  }

  close(): void {
    this.#socket.close();
  }

  find(name: string): Link | undefined {
    try {
      const payload = Buffer.concat([linkHeader(), attribute(ifla.name, name)]);
      return this.#socket.request(`link ${name}`, getLink, 0, payload).map((answer) => parseLink(answer.payload))[0];
    } catch (thrown) {
      if (errnoOf(thrown) === "ENODEV") return undefined;
      throw thrown;
    }
  }

  ofMaster(masterIndex: number): readonly Link[] {
    const payload = Buffer.concat([linkHeader(), attribute(ifla.master, masterIndex)]);
    return this.#socket
      .request("links", getLink, netlinkFlags.dump, payload)
      .map((answer) => parseLink(answer.payload))
      .filter((link) => link.masterIndex === masterIndex);
  }

  /** Makes the bridge, up; fine when it is there. */
  ensureBridge(name: string, hardwareAddress: Uint8Array, mtu: number | undefined): Link {
    const known = this.find(name);
    if (known?.isUp) return known;
    const payload = Buffer.concat([
      linkHeader({ flags: up }),
      attribute(ifla.name, name),
      attribute(ifla.address, hardwareAddress),
      ...(mtu === undefined ? [] : [attribute(ifla.mtu, mtu)]),
      attribute(ifla.info, [attribute(infoKind, "bridge")]),
    ]);
    this.#socket.request(`bridge ${name}`, newLink, netlinkFlags.create, payload);
    const made = this.find(name);
    if (!made) throw new Error(`bridge ${name} vanished`);
    return made;
  }

  /** One request: both ends, the host's up and in its bridge, the other in its namespace. */
  addVethPair(pair: VethPair): void {
    const namespace = openSync(pair.peerNamespacePath, "r");
    try {
      const both = [...oneQueue, ...(pair.mtu === undefined ? [] : [attribute(ifla.mtu, pair.mtu)])];
      const peer = Buffer.concat([
        linkHeader(),
        attribute(ifla.name, pair.peerName),
        attribute(ifla.address, pair.peerHardwareAddress),
        attribute(ifla.namespaceFd, namespace),
        ...both,
      ]);
      const payload = Buffer.concat([
        linkHeader({ flags: up }),
        attribute(ifla.name, pair.name),
        attribute(ifla.master, pair.masterIndex),
        ...both,
        attribute(ifla.info, [attribute(infoKind, "veth"), attribute(infoData, [attribute(vethPeer, peer)])]),
      ]);
      this.#socket.request(`veth ${pair.name}`, newLink, netlinkFlags.create | netlinkFlags.exclusive, payload);
    } finally {
      closeSync(namespace);
    }
  }

  setLabel(name: string, label: string): void {
    const payload = Buffer.concat([linkHeader(), attribute(ifla.name, name), attribute(ifla.alias, label)]);
    this.#socket.request(`label of ${name}`, setLink, 0, payload);
  }

  setUp(name: string): void {
    const payload = Buffer.concat([linkHeader({ flags: up }), attribute(ifla.name, name)]);
    this.#socket.request(`link ${name}`, setLink, 0, payload);
  }

  addDefaultRoute(link: Link, gateway: number): void {
    const payload = Buffer.concat([
      routeHeader(),
      attribute(rta.gateway, addressBytes(gateway)),
      attribute(rta.outLink, link.index),
    ]);
    this.#socket.request("default route", newRoute, netlinkFlags.create | netlinkFlags.exclusive, payload);
  }

  addAddress(link: Link, address: number, prefixLength: number): void {
    this.#address("add", newAddress, netlinkFlags.create, link.index, address, prefixLength);
  }

  /** Takes the kernel some 16 ms, in which this thread stands still: for set-up and clean-up, not for pods. */
  remove(name: string): void {
    try {
      this.#socket.request(`link ${name}`, deleteLink, 0, Buffer.concat([linkHeader(), attribute(ifla.name, name)]));
    } catch (thrown) {
      if (errnoOf(thrown) !== "ENODEV") throw thrown;
    }
  }

  /** Gives the link this IPv4 address and takes every other away. */
  setAddress(link: Link, address: number, prefixLength: number): void {
    let present = false;
    for (const answer of this.#socket.request("addresses", getAddress, netlinkFlags.dump, addressHeader(0, 0))) {
      const found = parseAddressMessage(answer.payload);
      if (found.linkIndex !== link.index) continue;
      if (found.address === address && found.prefixLength === prefixLength) present = true;
      else this.#address("remove", deleteAddress, 0, found.linkIndex, found.address, found.prefixLength);
    }
    if (!present) this.addAddress(link, address, prefixLength);
  }

  #address(verb: string, type: number, flags: number, linkIndex: number, address: number, prefixLength: number): void {
    const bytes = addressBytes(address);
    const payload = Buffer.concat([
      addressHeader(linkIndex, prefixLength),
      attribute(ifa.local, bytes),
      attribute(ifa.address, bytes),
    ]);
    this.#socket.request(`${verb} address`, type, flags, payload);
  }
}

/** Said, not left to the kernel: it makes one for each processor, then takes all but one away, and makes its caller wait for that. */
const oneQueue = [attribute(ifla.txQueues, 1), attribute(ifla.rxQueues, 1)];

/** struct ifinfomsg */
function linkHeader(options: { readonly flags?: number } = {}): Buffer {
  const header = Buffer.alloc(messageHeaderBytes.link);
  header.writeUInt32LE(options.flags ?? 0, 8);
  header.writeUInt32LE(options.flags ?? 0, 12); // which of them change
  return header;
}

/** struct ifaddrmsg */
function addressHeader(linkIndex: number, prefixLength: number): Buffer {
  const header = Buffer.alloc(messageHeaderBytes.address);
  header[0] = ipv4;
  header[1] = prefixLength;
  header.writeUInt32LE(linkIndex, 4);
  return header;
}

/** struct rtmsg: unicast, to everywhere, in the main table. */
function routeHeader(): Buffer {
  return Buffer.from([ipv4, 0, 0, 0, mainTable, bootProtocol, 0, unicast, 0, 0, 0, 0]);
}

function parseLink(payload: Buffer): Link {
  const attributes = parseAttributes(payload.subarray(messageHeaderBytes.link));
  return {
    index: payload.readInt32LE(4),
    name: text(attributes.get(ifla.name)),
    label: text(attributes.get(ifla.alias)),
    masterIndex: attributes.get(ifla.master)?.readUInt32LE(0),
    isUp: (payload.readUInt32LE(8) & up) !== 0,
  };
}

function parseAddressMessage(payload: Buffer): {
  readonly linkIndex: number;
  readonly prefixLength: number;
  readonly address: number;
} {
  const attributes = parseAttributes(payload.subarray(messageHeaderBytes.address));
  const local = attributes.get(ifa.local) ?? attributes.get(ifa.address);
  return {
    linkIndex: payload.readUInt32LE(4),
    prefixLength: payload[1] ?? 0,
    address: local?.length === 4 ? local.readUInt32BE(0) : -1,
  };
}

function addressBytes(address: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(address, 0);
  return bytes;
}

function text(bytes: Buffer | undefined): string {
  return bytes === undefined ? "" : bytes.toString("utf8").replace(/\0+$/, "");
}

/** Of `a.b.c.d/n`. */
export function addressOf(cidr: string): number | undefined {
  return parseAddress(cidr.split("/", 1)[0] ?? "");
}
