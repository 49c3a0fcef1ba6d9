/** The API's calls that sessions and identity answer. Glue only: the API has authenticated and authorized the caller. */

import { Problem } from "#proto/kit/problem.ts";
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import { decodeUsage, usageOperation } from "#proto/resources/usage.ts";
import type { ApiExtensions } from "./api/extensions.ts";
import type { UsageAnswer } from "./api/usage/usage-verbs.ts";
import type { Issuing } from "./identity/issuing.ts";
import type { Monitoring } from "./observability/monitoring.ts";
import type { Operations } from "./sessions/operations.ts";
import type { StreamService } from "./sessions/stream-service.ts";

export interface ApiExtensionsOptions {
  readonly issuing: Issuing;
  readonly streams: StreamService;
  readonly status: () => Promise<ClusterStatus>;
  readonly monitoring: Monitoring;
  readonly operations: Pick<Operations, "request">;
}

/** An agent looks twice, half a second apart. */
const usageDeadlineMs = 4_000;
const pathsHint = "Known are /metrics, /livez, /readyz, /nodes and /nodes/NODE/metrics.";

export function apiExtensions({
  issuing,
  streams,
  status,
  monitoring,
  operations,
}: ApiExtensionsOptions): ApiExtensions {
  return {
    stream: async (call, caller) => {
      await streams.serve(
        { requests: call.requests, send: (frame) => call.send(frame), signal: call.signal },
        (access) => caller.authorize(access),
      );
    },
    createJoinToken: (request, { caller, signal }) => issuing.createJoinToken(request, caller.user, signal),
    issueUserCertificate: (request) => issuing.issueUserCertificate(request),
    raw: async ({ path }) => {
      const url = new URL(path ?? "", "http://localhost");
      const answer = await monitoring.answer(url.pathname, url.searchParams);
      if (!answer)
        throw new Problem("not-found", `there is nothing at ${url.pathname.slice(0, 200)}`, { hint: pathsHint });
      const { status: code, contentType = "text/plain; charset=utf-8", body } = answer;
      return { status: code, contentType, body: Buffer.from(body) };
    },
    usage: (nodes, signal) => usageOfAll(nodes, operations, signal),
    clusterStatus: async () => ({ status: Buffer.from(JSON.stringify(await status())) }),
  };
}

/** Thousands of nodes are asked a part at a time: other operations must find room beside them. */
const concurrentUsage = 200;

async function usageOfAll(
  nodes: readonly string[],
  operations: Pick<Operations, "request">,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, UsageAnswer>> {
  const answers = new Map<string, UsageAnswer>();
  const waiting = [...nodes];
  const worker = async (): Promise<void> => {
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
      answers.set(node, await usageOf(node, operations, signal));
  };
  await Promise.all(Array.from({ length: concurrentUsage }, worker));
  return answers;
}

async function usageOf(
  node: string,
  operations: Pick<Operations, "request">,
  signal: AbortSignal,
): Promise<UsageAnswer> {
  const request = { node, kind: usageOperation, payload: new Uint8Array(), deadlineMs: usageDeadlineMs };
  try {
    const usage = decodeUsage(await operations.request(request, signal));
    return usage ?? new Problem("unsupported", `node ${node} gave an answer that cannot be read`);
  } catch (thrown) {
    signal.throwIfAborted();
    return Problem.from(thrown);
  }
}
