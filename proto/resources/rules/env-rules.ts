/** Rules for environment variables and the references their values come from. */
import { configMapKey, dnsSubdomain, envVarName, qualifiedName } from "../name-rules.ts";
import type { EnvFromSource, EnvVar, EnvVarSource, ObjectFieldSelector, ResourceFieldSelector } from "../pod/env.ts";
import { formatPath, type Path } from "../schema/field-path.ts";
import { type Findings, quote } from "../schema/findings.ts";
import { checkName, checkOneOf } from "./unique.ts";

const sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

export function validateEnv(env: readonly EnvVar[], path: Path, findings: Findings): void {
  const seen = new Set<string>();
  for (const [i, variable] of env.entries()) {
    const at = [...path, i];
    checkName(variable.name, envVarName, [...at, "name"], findings);
    if (seen.has(variable.name))
      findings.warn(`${formatPath([...at, "name"])}: hides an earlier ${quote(variable.name)}`);
    seen.add(variable.name);
    if (variable.valueFrom === undefined) continue;
    if (variable.value !== undefined && variable.value !== "")
      findings.forbidden([...at, "valueFrom"], "cannot be set beside `value`");
    validateSource(variable.valueFrom, [...at, "valueFrom"], findings);
  }
}

function validateSource(source: EnvVarSource, path: Path, findings: Findings): void {
  checkOneOf(source, sources, "a source", path, findings);
  if (source.fieldRef !== undefined) validateFieldRef(source.fieldRef, envFields, [...path, "fieldRef"], findings);
  if (source.resourceFieldRef !== undefined)
    validateResourceFieldRef(source.resourceFieldRef, [...path, "resourceFieldRef"], findings);
  for (const field of ["configMapKeyRef", "secretKeyRef"] as const) {
    const reference = source[field];
    if (reference === undefined) continue;
    checkName(reference.name, dnsSubdomain, [...path, field, "name"], findings);
    checkName(reference.key, configMapKey, [...path, field, "key"], findings);
  }
}

const metadataFields = ["metadata.name", "metadata.namespace", "metadata.uid"];
const envFields = [
  ...metadataFields,
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
export const volumeFields = [...metadataFields, "metadata.labels", "metadata.annotations"];
const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/;

export function validateFieldRef(
  { apiVersion, fieldPath }: ObjectFieldSelector,
  known: readonly string[],
  path: Path,
  findings: Findings,
): void {
  if (apiVersion !== undefined && apiVersion !== "v1")
    findings.add([...path, "apiVersion"], "FieldValueNotSupported", "must be `v1`");
  const at = [...path, "fieldPath"];
  const match = subscript.exec(fieldPath);
  if (fieldPath === "") findings.required(at);
  else if (match !== null)
    findings.check(at, qualifiedName(match[1] === "annotations" ? (match[2] ?? "").toLowerCase() : (match[2] ?? "")));
  else if (!known.includes(fieldPath))
    findings.add(
      at,
      "FieldValueNotSupported",
      `must be one of ${known.join(", ")}, metadata.labels['KEY'], metadata.annotations['KEY']`,
    );
}

const resourceFields = ["limits.cpu", "limits.memory", "limits.ephemeral-storage"].flatMap((field) => [
  field,
  field.replace("limits", "requests"),
]);

export function validateResourceFieldRef(
  { resource, divisor }: ResourceFieldSelector,
  path: Path,
  findings: Findings,
): void {
  if (resource === "") findings.required([...path, "resource"]);
  else if (!resourceFields.includes(resource))
    findings.add([...path, "resource"], "FieldValueNotSupported", `must be one of ${resourceFields.join(", ")}`);
  const divisors = resource.endsWith("cpu") ? cpuDivisors : byteDivisors;
  if (divisor !== undefined && divisor !== "0" && !divisors.includes(divisor))
    findings.invalid([...path, "divisor"], `must be one of ${divisors.join(", ")}`);
}

const cpuDivisors = ["1m", "1"];
const byteDivisors = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

export function validateEnvFrom(envFrom: readonly EnvFromSource[], path: Path, findings: Findings): void {
  for (const [i, source] of envFrom.entries()) {
    const at = [...path, i];
    if (source.prefix !== undefined && source.prefix !== "")
      findings.check([...at, "prefix"], envVarName(source.prefix));
    const field = checkOneOf(source, ["configMapRef", "secretRef"], "a source", at, findings);
    const reference = source.configMapRef ?? source.secretRef;
    if (field !== undefined) checkName(reference?.name, dnsSubdomain, [...at, field, "name"], findings);
  }
}
