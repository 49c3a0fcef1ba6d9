/** Rules for resource requests and limits. */
import { qualifiedName } from "../name-rules.ts";
import type { ResourceRequirements } from "../pod/container.ts";
import { compareQuantities, parseQuantity } from "../quantity.ts";
import { formatPath, type Path } from "../schema/field-path.ts";
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
    else if (isExtended(name) && limit !== undefined && compareQuantities(request, limit) !== 0)
      findings.invalid(at, `must equal the limit of ${name}`);
  }
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
  if (name === "ephemeral-storage")
    findings.warn(`${formatPath(path)}: has no effect: use of the disk is not measured yet`);
  else if (name.startsWith("hugepages-")) findings.forbidden(path, "refused: huge pages are not built yet");
  else
    findings.invalid(path, "is not a resource of containers: cpu, memory, ephemeral-storage, or a name with a domain");
}
