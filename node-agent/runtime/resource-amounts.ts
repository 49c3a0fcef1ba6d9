/** Requests and limits of a container as plain numbers. Pure; the API has validated the quantities. */
import type { ResourceRequirements } from "#proto/resources/pod.ts";
import { toBytes, toMilliCpu } from "#proto/resources/quantity.ts";
import type { ResourceAmounts } from "./container-resources.ts";

export function resourceAmounts(resources: ResourceRequirements | undefined): ResourceAmounts {
  const { requests, limits } = resources ?? {};
  return {
    cpuRequestMilli: amount(requests?.cpu, toMilliCpu),
    cpuLimitMilli: amount(limits?.cpu, toMilliCpu),
    memoryRequestBytes: amount(requests?.memory, toBytes),
    memoryLimitBytes: amount(limits?.memory, toBytes),
  };
}

function amount(quantity: string | undefined, convert: (text: string) => number): number | undefined {
  return quantity === undefined ? undefined : convert(quantity);
}
