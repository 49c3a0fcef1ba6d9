/** etcd's messages by its own .proto files: what another implementation makes of our bytes, and gives us to read. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import protobuf from "protobufjs";

const prefixBytes = 5;
const folder = join(dirname(createRequire(import.meta.url).resolve("etcd3/package.json")), "proto");
const root = new protobuf.Root().loadSync(join(folder, "rpc.proto"), { keepCase: true });

const typeOf = (name: string) => root.lookupType(`etcdserverpb.${name}`);

/** A framed message as plain data. */
export function readAsEtcd(name: string, framed: Buffer): Readonly<Record<string, unknown>> {
  assert.equal(framed[0], 0);
  assert.equal(framed.readUInt32BE(1), framed.length - prefixBytes);
  const message = typeOf(name).decode(framed.subarray(prefixBytes));
  return typeOf(name).toObject(message, { longs: String, enums: String, bytes: String });
}

/** A message without its frame, from plain data. */
export function writeAsEtcd(name: string, data: Readonly<Record<string, unknown>>): Buffer {
  const type = typeOf(name);
  return Buffer.from(type.encode(type.fromObject(data)).finish());
}
