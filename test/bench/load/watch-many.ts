/**
 * Watchers, each with its own stream, spread over connections. Says `ready` when every stream stands, then, when all changes are
 * there or time is up, how late each came by the clock that the writer stamped it with.
 */
import type { ClientHttp2Session } from "node:http2";
import { apiService } from "#proto/wire/generated/services.ts";
import { framed, openSession, percentile, readJob, requestHeaders, sharedClockMs, type Target } from "./target.ts";

export interface WatchJob {
  readonly target: Target;
  readonly watchers: number;
  readonly connections: number;
  readonly namespace: string;
  readonly changes: number;
  readonly resourceVersion: string;
  readonly timeoutMs: number;
}

export interface WatchReport {
  readonly delivered: number;
  /** Streams on which the changes came out of order, twice or not at all. */
  readonly wrong: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const job = readJob<WatchJob>();
const delays: number[] = [];
let wrong = 0;

/** One stream. `standing` resolves with the answer's headers, `done` with the last change. */
function watch(session: ClientHttp2Session): { readonly standing: Promise<void>; readonly done: Promise<void> } {
  const { namespace, resourceVersion } = job;
  const request = apiService.watch.requestSerialize({
    ...{ resource: "configmaps", namespace, name: "", labelSelector: "", fieldSelector: "" },
    ...{ resourceVersion, bookmarks: true },
  } as Parameters<typeof apiService.watch.requestSerialize>[0]);
  const stream = session.request(requestHeaders(apiService.watch.path));
  stream.end(framed(request));
  const done = new Promise<void>((resolve) => {
    let rest: Buffer = Buffer.alloc(0);
    let next = 0;
    stream.on("data", (part: Buffer) => {
      rest = rest.length === 0 ? part : Buffer.concat([rest, part]);
      while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
        const end = 5 + rest.readUInt32BE(1);
        const change = changeIn(rest.subarray(5, end));
        rest = rest.subarray(end);
        if (!change) continue;
        delays.push(sharedClockMs() - change.sentAtMs);
        if (change.sequence !== next++) wrong++;
        if (next === job.changes) resolve();
      }
    });
    stream.on("error", () => resolve());
    stream.on("close", () => resolve());
  });
  // grpc-js sends headers with the first message only, so a bookmark or nothing tells; the request is on its way in any case.
  return { standing: new Promise((resolve) => setImmediate(resolve)), done };
}

/** Read out of the bytes: parsing 200,000 objects would be measured too. */
function changeIn(message: Buffer): { readonly sequence: number; readonly sentAtMs: number } | undefined {
  const at = message.indexOf("stamp-");
  if (at < 0) return undefined;
  const [, sequence, sentAtMs] = message.toString("latin1", at, at + 60).split("-");
  return { sequence: Number(sequence), sentAtMs: Number.parseFloat(sentAtMs ?? "") };
}

const sessions = await Promise.all(Array.from({ length: job.connections }, () => openSession(job.target)));
const watches = Array.from({ length: job.watchers }, (_, at) => {
  const session = sessions[at % sessions.length];
  if (!session) throw new Error("no connection");
  return watch(session);
});
await Promise.all(watches.map(({ standing }) => standing));
process.stdout.write("ready\n");
const late = new Promise((resolve) => setTimeout(resolve, job.timeoutMs));
await Promise.race([Promise.all(watches.map(({ done }) => done)), late]);
const report: WatchReport = {
  delivered: delays.length,
  wrong,
  p50Ms: percentile(delays, 0.5),
  p99Ms: percentile(delays, 0.99),
  maxMs: percentile(delays, 1),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit();
