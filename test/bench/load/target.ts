/** A gRPC server as a loader dials it: by address, mTLS, known by name. */
import { readFileSync } from "node:fs";
import { Http2Caller } from "#cli/client/http2-caller.ts";

export interface Target {
  readonly address: string;
  readonly serverName: string;
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

const timeoutMs = 60_000;

export function connect(target: Target): Promise<Http2Caller> {
  const timeouts = { connectTimeoutMs: timeoutMs, callTimeoutMs: timeoutMs };
  return Http2Caller.connect({ ...target, ...timeouts }, AbortSignal.timeout(timeoutMs));
}

/** The monotonic clock that all processes of a machine share, milliseconds. */
export const sharedClockMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** The job that lies in the file a loader is given as its one argument. */
export function readJob<Job>(): Job {
  return JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Job;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN).toFixed(3));
}
