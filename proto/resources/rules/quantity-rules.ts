/** Rules for resource requests and limits. */
import { qualifiedName } from "../name-rules.ts";
import type { ResourceRequirements } from "../pod/container.ts";
import type { PodSpec } from "../pod/spec.ts";
import { podPeak } from "../pod-peak.ts";
import { compareQuantities, parseQuantity, toBytes, toMilliCpu } from "../quantity.ts";
import type { Path } from "../schema/field-path.ts";
import { type Findings, quote } from "../schema/findings.ts";

type Amounts = Readonly<Record<string, string>>;

export function validateResources(resources: ResourceRequirements | undefined, path: Path, findings: Findings): void {
  if (resources === undefined) return;
  const { limits = {}, requests = {} } = resources;
  validateAmounts(limits, [...path, "limits"], findings);
  const own = Object.entries(requests).filter(([name, request]) => request !== limits[name]);
  validateAmounts(Object.fromEntries(own), [...path, "requests"], findings); // equal ones were judged as limits
  for (const [name, request] of Object.entries(requests)) {
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    const at = [...path, "requests", name];
    if (limit !== undefined && compareQuantities(request, limit) > 0)
      findings.invalid(at, `must be no more than the limit: ${quote(request)} is more than ${quote(limit)}`);
    else if ((isExtended(name) || isHugePages(name)) && limit !== undefined && compareQuantities(request, limit) !== 0)
      findings.invalid(at, `must equal the limit of ${name}`);
  }
  validateHugePages(resources, path, findings);
}

function validateAmounts(amounts: Amounts, path: Path, findings: Findings): void {
  for (const [name, amount] of Object.entries(amounts)) {
    const at = [...path, name];
    const quantity = parseQuantity(amount);
    if (quantity !== undefined && quantity.nanos < 0n) findings.invalid(at, "must not be negative");
    if (isExtended(name)) {
      findings.check(at, qualifiedName(name));
      if (quantity !== undefined && quantity.nanos % 1_000_000_000n !== 0n)
        findings.invalid(at, "must be a whole number");
    } else validateStandard(name, at, findings);
  }
}

const isExtended = (name: string): boolean => name.includes("/");

function validateStandard(name: string, path: Path, findings: Findings): void {
  if (name === "cpu" || name === "memory") return;
  if (name === "ephemeral-storage" || isHugePages(name)) return;
  findings.invalid(
    path,
    "is not a resource of containers: cpu, memory, ephemeral-storage, hugepages-2Mi, or a name with a domain",
  );
}

const hugePages = /^hugepages-([1-9]\d*[KMG]i)$/;

export const isHugePages = (name: string): boolean => hugePages.test(name);

/** Huge pages are whole, never promised beyond what there is, and of no use without processor and memory. */
function validateHugePages({ limits = {}, requests = {} }: ResourceRequirements, path: Path, findings: Findings): void {
  const asked = { ...requests, ...limits };
  const names = Object.keys(asked).filter(isHugePages);
  for (const name of names) {
    const at = [...path, name in limits ? "limits" : "requests", name];
    const page = toBytes(hugePages.exec(name)?.[1]);
    if (limits[name] === undefined)
      findings.required([...path, "limits", name], "must equal the request of huge pages");
    else if (toBytes(asked[name]) % page !== 0) findings.invalid(at, `must be a multiple of the page size`);
  }
  if (names.length > 0 && asked.cpu === undefined && asked.memory === undefined)
    findings.forbidden(path, "asks for huge pages, and for neither cpu nor memory");
}

/** What a pod says for all its containers holds them all. */
export function validatePodResources(
  spec: Pick<PodSpec, "resources" | "containers" | "initContainers">,
  path: Path,
  findings: Findings,
): void {
  const { resources } = spec;
  if (resources === undefined) return;
  const at = [...path, "resources"];
  for (const list of ["limits", "requests"] as const)
    for (const name of Object.keys(resources[list] ?? {}))
      if (name !== "cpu" && name !== "memory" && !isHugePages(name))
        findings.add([...at, list, name], "FieldValueNotSupported", "a pod as a whole has cpu, memory and huge pages");
  validateResources(resources, at, findings);
  for (const [name, request] of Object.entries(resources.requests ?? {})) {
    const convert = name === "cpu" ? toMilliCpu : toBytes;
    const together = podPeak(spec, (one) => convert(one.resources?.requests?.[name] ?? one.resources?.limits?.[name]));
    if (together > convert(request))
      findings.invalid([...at, "requests", name], `is less than its containers request together`);
  }
  for (const field of ["initContainers", "containers"] as const)
    for (const [i, one] of (spec[field] ?? []).entries())
      for (const [name, limit] of Object.entries(one.resources?.limits ?? {})) {
        const most = resources.limits?.[name];
        if (most !== undefined && compareQuantities(limit, most) > 0)
          findings.invalid(
            [...path, field, i, "resources", "limits", name],
            `is more than the pod's limit ${quote(most)}`,
          );
      }
}
