/** The downward API's `resourceFieldRef`: a container's request or limit, in units of the divisor, rounded up. */
import { Problem } from "#proto/kit/problem.ts";
import type { Container, Pod, ResourceFieldSelector } from "#proto/resources/pod.ts";
import { parseQuantity } from "#proto/resources/quantity.ts";
import type { PodFacts } from "./field-value.ts";

/** A limit that is not set is what the node can give. Problem `invalid` for an unknown container or resource. */
export function resourceValue(pod: Pod, own: Container, selector: ResourceFieldSelector, facts: PodFacts): string {
  const container = selector.containerName ? namedContainer(pod, selector.containerName) : own;
  const match = /^(limits|requests)\.(.+)$/.exec(selector.resource);
  if (!match?.[2]) throw new Problem("invalid", `unsupported container resource: ${selector.resource}`);
  const [, list, name] = match;
  const { limits, requests } = container.resources ?? {};
  const asked = list === "limits" ? limits?.[name] : (requests?.[name] ?? limits?.[name]);
  const amount = asked === undefined ? fallback(list === "limits", name, facts) : nanosOf(asked);
  const divisor = nanosOf(selector.divisor ?? "0") || nanosPerUnit;
  return String((amount + divisor - 1n) / divisor);
}

const nanosPerUnit = 1_000_000_000n;

function fallback(isLimit: boolean, name: string, facts: PodFacts): bigint {
  if (!isLimit) return 0n;
  if (name === "cpu") return BigInt(Math.round(facts.allocatableMilliCpu)) * 1_000_000n;
  if (name === "memory") return BigInt(Math.round(facts.allocatableMemoryBytes)) * nanosPerUnit;
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
