/**
 * Many clients, each one connection and so many writes at a time: creates of ConfigMaps through our API, as calls or over a stream that
 * carries them, or puts of given bytes into etcd. All go through the same light HTTP/2 client, so that its cost meets them alike.
 */
import type { MethodDefinition } from "@grpc/grpc-js";
import { Reader, Writer } from "protobufjs/minimal.js";
import { apiService } from "#proto/wire/generated/services.ts";
import { connect, connectStreamed, percentile, readJob, type Target } from "./target.ts";

export interface CreateJob {
  readonly kind: "stream" | "calls" | "etcd";
  readonly target: Target;
  readonly clients: number;
  /** Writes of each client that are under way. */
  readonly atOnce: number;
  readonly count: number;
  /** Of names and keys: no run meets what another left. */
  readonly prefix: string;
  /** Data of a ConfigMap, or the whole value for etcd. */
  readonly valueBytes: number;
}

export interface CreateReport {
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of this process. */
  readonly cpuMsPerObject: number;
}

interface Put {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** etcdserverpb.KV/Put with its two first fields: what is needed to write a key. */
const put: MethodDefinition<Put, number> = {
  path: "/etcdserverpb.KV/Put",
  requestStream: false,
  responseStream: false,
  requestSerialize: ({ key, value }) =>
    Buffer.from(Writer.create().uint32(10).bytes(key).uint32(18).bytes(value).finish()),
  requestDeserialize: () => ({ key: new Uint8Array(), value: new Uint8Array() }),
  responseSerialize: () => Buffer.alloc(0),
  responseDeserialize: (bytes) => Reader.create(bytes).len,
};

const job = readJob<CreateJob>();
const filler = "x".repeat(job.valueBytes);
const dial = job.kind === "stream" ? connectStreamed : connect;
const callers = await Promise.all(Array.from({ length: job.clients }, () => dial(job.target)));
const loops = callers.flatMap((caller) => Array.from({ length: job.atOnce }, () => caller));

function write(caller: (typeof callers)[number], sequence: number): Promise<unknown> {
  const name = `${job.prefix}-${sequence}`;
  if (job.kind === "etcd") return caller.unary(put, { key: Buffer.from(name), value: Buffer.from(filler) });
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { filler } };
  const body = Buffer.from(JSON.stringify(object));
  return caller.unary(apiService.create, { resource: "configmaps", namespace: "default", object: body });
}

let next = 0;
const latencies: number[] = [];
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
await Promise.all(
  loops.map(async (caller) => {
    while (next < job.count) {
      const sentAt = performance.now();
      await write(caller, next++);
      latencies.push(performance.now() - sentAt);
    }
  }),
);
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
for (const caller of callers) caller.close();
const report: CreateReport = {
  seconds: Number(seconds.toFixed(3)),
  perSecond: Math.round(job.count / seconds),
  p50Ms: percentile(latencies, 0.5),
  p99Ms: percentile(latencies, 0.99),
  cpuMsPerObject: Number(((user + system) / 1000 / job.count).toFixed(3)),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
