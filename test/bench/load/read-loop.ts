/** One client that reads the way people and tools do: objects by name, and whole namespaces. */
import { apiService } from "#proto/wire/generated/services.ts";
import { connect, percentile, readJob, type Target } from "./target.ts";

export interface ReadJob {
  readonly target: Target;
  readonly resource: string;
  readonly namespaces: readonly string[];
  readonly perNamespace: number;
  readonly gets: number;
  readonly lists: number;
}

export interface ReadReport {
  readonly getP50Ms: number;
  readonly getP99Ms: number;
  readonly listP50Ms: number;
  readonly listP99Ms: number;
}

const job = readJob<ReadJob>();
const caller = await connect(job.target);

async function latencies(count: number, read: (sequence: number) => Promise<void>): Promise<readonly number[]> {
  const measured: number[] = [];
  for (let sequence = -Math.ceil(count / 5); sequence < count; sequence++) {
    const startedAt = performance.now();
    await read(Math.abs(sequence));
    if (sequence >= 0) measured.push(performance.now() - startedAt);
  }
  return measured;
}

const namespaceAt = (at: number): string => job.namespaces[at % job.namespaces.length] ?? "";
const { resource } = job;
const gets = await latencies(job.gets, async (sequence) => {
  const name = `pod-${(sequence * 7919) % job.perNamespace}`;
  const { object } = await caller.unary(apiService.get, { resource, namespace: namespaceAt(sequence), name });
  if (object.length === 0) throw new Error(`${name} is empty`);
});
const lists = await latencies(job.lists, async (sequence) => {
  const { items } = await caller.unary(apiService.list, { resource, namespace: namespaceAt(sequence) });
  if (items.length !== job.perNamespace) throw new Error(`${items.length} items instead of ${job.perNamespace}`);
});
caller.close();
const report: ReadReport = {
  getP50Ms: percentile(gets, 0.5),
  getP99Ms: percentile(gets, 0.99),
  listP50Ms: percentile(lists, 0.5),
  listP99Ms: percentile(lists, 0.99),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
