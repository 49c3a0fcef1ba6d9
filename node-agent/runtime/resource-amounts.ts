/** Requests and limits of a container as plain numbers. */
import { Problem } from "#proto/kit/problem.ts";
import type { ResourceRequirements } from "#proto/resources/pod.ts";
import type { ResourceAmounts } from "./container-resources.ts";

export function resourceAmounts(resources: ResourceRequirements | undefined): ResourceAmounts {
  const { requests, limits } = resources ?? {};
  return {
    cpuRequestMilli: amount(requests?.cpu, 1000),
    cpuLimitMilli: amount(limits?.cpu, 1000),
    memoryRequestBytes: amount(requests?.memory, 1),
    memoryLimitBytes: amount(limits?.memory, 1),
  };
}

const decimal: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity times `scale`, rounded up. The API has validated it; this only guards against what it never lets through. */
function amount(quantity: unknown, scale: number): number | undefined {
  if (quantity === undefined) return undefined;
  const match = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,2})|([A-Za-z]{0,2}))$/.exec(String(quantity));
  const factor = match?.[2] === undefined ? decimal[match?.[3] ?? ""] : 10 ** Number(match[2]);
  if (!match || factor === undefined) throw new Problem("invalid", `${JSON.stringify(quantity)} is not a quantity`);
  return Math.ceil(Number((Number(match[1]) * factor * scale).toPrecision(15)));
}
