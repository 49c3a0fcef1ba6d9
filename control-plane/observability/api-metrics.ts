/** What callers of the API experience, by the names of Kubernetes' API server, so that its dashboards and alerts fit. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Metrics } from "#proto/kit/observability/metrics.ts";
import type { ProblemCode } from "#proto/kit/problem.ts";
import { httpCodes } from "#proto/kit/rpc/http-codes.ts";
import type { CallObserver } from "#proto/kit/rpc/server.ts";
import { catalog } from "#proto/resources/catalog.ts";

const verbs: Readonly<Record<string, string>> = {
  Get: "GET",
  List: "LIST",
  Watch: "WATCH",
  Create: "POST",
  Update: "PUT",
  Patch: "PATCH",
  Delete: "DELETE",
  DeleteCollection: "DELETECOLLECTION",
};
const longRunning: ReadonlySet<string> = new Set(["WATCH", "Stream", "Carry", "Session"]);
const mutating: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE", "DELETECOLLECTION"]);
const resources: ReadonlySet<string> = new Set(catalog.map(({ resource }) => resource));

export function apiMetrics(metrics: Metrics, clock: Clock): CallObserver {
  const labels = ["verb", "resource", "code"];
  const total = metrics.counter("apiserver_request_total", "Requests by verb, resource and HTTP code.", labels);
  const seconds = metrics.histogram(
    "apiserver_request_duration_seconds",
    "Time to answer, without long-running requests.",
    ["verb", "resource"],
  );
  const running = { long: new Map<string, number>(), readOnly: 0, mutating: 0 };
  metrics.observed(
    "gauge",
    "apiserver_longrunning_requests",
    "Watches, streams and agents' sessions that are open.",
    () => [...running.long].map(([verb, count]) => [count, verb] as const),
    ["verb"],
  );
  metrics.observed(
    "gauge",
    "apiserver_current_inflight_requests",
    "Requests being answered.",
    () => [
      [running.readOnly, "readOnly"],
      [running.mutating, "mutating"],
    ],
    ["request_kind"],
  );
  const count = (verb: string, change: 1 | -1): void => {
    if (longRunning.has(verb)) running.long.set(verb, (running.long.get(verb) ?? 0) + change);
    else if (mutating.has(verb)) running.mutating += change;
    else running.readOnly += change;
  };
  return {
    begun(method, request) {
      const name = method.slice(method.lastIndexOf("/") + 1);
      const verb = verbs[name] ?? name;
      const resource = resourceOf(request);
      const startedAtMs = clock.monotonicMs();
      count(verb, 1);
      return (problem: ProblemCode | undefined) => {
        count(verb, -1);
        total.add(1, verb, resource, String(problem === undefined ? 200 : httpCodes[problem]));
        if (!longRunning.has(verb)) seconds.observe((clock.monotonicMs() - startedAtMs) / 1000, verb, resource);
      };
    },
  };
}

/** Only kinds there are: a caller's words make no series. */
function resourceOf(request: unknown): string {
  if (typeof request !== "object" || request === null || !("resource" in request)) return "";
  const { resource } = request;
  return typeof resource === "string" && resources.has(resource) ? resource : "";
}
