/** Quality of service of a pod: decides who goes first when a node runs out of memory. */
import type { PodSpec } from "./pod.ts";
import { compareQuantities } from "./quantity.ts";

const counted = ["cpu", "memory"] as const;

/** Guaranteed: limits for all, equal to requests. BestEffort: nothing said. Burstable: the rest. */
export function qosClass(spec: PodSpec): "Guaranteed" | "Burstable" | "BestEffort" {
  let anything = false;
  let guaranteed = true;
  // What is said for the pod as a whole decides alone.
  const parts = isSaid(spec.resources) ? [spec] : [...spec.containers, ...(spec.initContainers ?? [])];
  for (const { resources } of parts) {
    for (const name of counted) {
      const limit = resources?.limits?.[name];
      const request = resources?.requests?.[name] ?? limit;
      if (isSet(limit) || isSet(request)) anything = true;
      if (!isSet(limit) || request === undefined || compareQuantities(limit, request) !== 0) guaranteed = false;
    }
  }
  if (!anything) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
}

const isSaid = (resources: PodSpec["resources"]): boolean =>
  counted.some((name) => resources?.requests?.[name] !== undefined || resources?.limits?.[name] !== undefined);

const isSet = (amount: string | undefined): amount is string =>
  amount !== undefined && compareQuantities(amount, "0") > 0;
