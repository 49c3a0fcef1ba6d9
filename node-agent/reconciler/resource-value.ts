/** The downward API's `resourceFieldRef`: a container's request or limit, in units of the divisor, rounded up. */
import { Problem } from "#proto/kit/problem.ts";
import type { Container, Pod, ResourceFieldSelector } from "#proto/resources/pod.ts";
import { parseQuantity } from "#proto/resources/quantity.ts";

/** What limits default to when a container has none. */
export interface Allocatable {
  readonly allocatableMilliCpu: number;
  readonly allocatableMemoryBytes: number;
}

/** `own` stands in when the selector names no container. A limit that is not set is what the node can give. Problem `invalid` for an unknown container or resource. */
export function resourceValue(
  pod: Pod,
  own: Container | undefined,
  selector: ResourceFieldSelector,
  node: Allocatable,
): string {
  const container = selector.containerName
    ? namedContainer(pod, selector.containerName)
    : (own ?? namedContainer(pod, ""));
  const match = /^(limits|requests)\.(.+)$/.exec(selector.resource);
  if (!match?.[2]) throw new Problem("invalid", `unsupported container resource: ${selector.resource}`);
  const [, list, name] = match;
  const { limits, requests } = container.resources ?? {};
  const asked = list === "limits" ? limits?.[name] : (requests?.[name] ?? limits?.[name]);
  const amount = asked === undefined ? fallback(list === "limits", name, node) : nanosOf(asked);
  const divisor = nanosOf(selector.divisor ?? "0") || nanosPerUnit;
  return String((amount + divisor - 1n) / divisor);
}

const nanosPerUnit = 1_000_000_000n;

function fallback(isLimit: boolean, name: string, node: Allocatable): bigint {
  if (!isLimit) return 0n;
  if (name === "cpu") return BigInt(Math.round(node.allocatableMilliCpu)) * 1_000_000n;
  if (name === "memory") return BigInt(Math.round(node.allocatableMemoryBytes)) * nanosPerUnit;
  return 0n;
}

function nanosOf(text: string): bigint {
  const quantity = parseQuantity(text);
  if (!quantity) throw new Problem("invalid", `${JSON.stringify(text)} is not a quantity`);
  return quantity.nanos;
}

function namedContainer(pod: Pod, name: string): Container {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const found = all.find((container) => container.name === name);
  if (!found) throw new Problem("invalid", `resourceFieldRef names a container the pod does not have: ${name}`);
  return found;
}
