/** Rules for metadata: names, labels, annotations, owners, and what never changes. */
import type { CatalogEntry } from "../catalog.ts";
import { initAnnotation, initAnnotationProblem } from "../init-process.ts";
import { dnsLabel, dnsSubdomain, labelValue, type NameRule, qualifiedName } from "../name-rules.ts";
import type { KubeObject, ObjectMeta, OwnerReference } from "../object.ts";
import type { Path } from "../schema/field-path.ts";
import { type Findings, quote } from "../schema/findings.ts";

const mostAnnotationBytes = 256 * 1024;

export function validateMeta(
  object: KubeObject,
  previous: KubeObject | undefined,
  entry: Pick<CatalogEntry, "kind" | "namespaced">,
  findings: Findings,
): void {
  const { metadata } = object;
  const path: Path = ["metadata"];
  validateName(metadata, entry.kind === "Namespace" ? dnsLabel : dnsSubdomain, findings);
  const { namespace = "" } = metadata;
  if (namespace !== "" && !entry.namespaced)
    findings.forbidden([...path, "namespace"], `a ${entry.kind} is in no namespace: leave it out`);
  else if (namespace !== "") findings.check([...path, "namespace"], dnsLabel(namespace));
  validateLabels(metadata.labels, [...path, "labels"], findings);
  validateAnnotations(metadata.annotations, [...path, "annotations"], findings);
  validateOwners(metadata.ownerReferences ?? [], [...path, "ownerReferences"], findings);
  for (const [i, finalizer] of (metadata.finalizers ?? []).entries())
    findings.check([...path, "finalizers", i], qualifiedName(finalizer));
  if (previous !== undefined) validateMetaUpdate(metadata, previous.metadata, findings);
}

function validateName(metadata: Partial<ObjectMeta>, rule: NameRule, findings: Findings): void {
  const { name = "", generateName = "" } = metadata;
  if (name === "" && generateName !== "") findings.check(["metadata", "generateName"], rule(`${generateName}x`));
  else if (name === "") findings.required(["metadata", "name"], "is required: give `name` or `generateName`");
  else findings.check(["metadata", "name"], rule(name));
}

export function validateLabels(labels: Readonly<Record<string, string>> = {}, path: Path, findings: Findings): void {
  for (const [key, value] of Object.entries(labels)) {
    const keyProblem = qualifiedName(key);
    if (keyProblem !== undefined) findings.invalid([...path, key], `the key ${keyProblem}`);
    const valueProblem = labelValue(value);
    if (valueProblem !== undefined) findings.invalid([...path, key], `the value ${quote(value)} ${valueProblem}`);
  }
}

export function validateAnnotations(
  annotations: Readonly<Record<string, string>> = {},
  path: Path,
  findings: Findings,
): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    const problem = qualifiedName(key.toLowerCase());
    if (problem !== undefined) findings.invalid([...path, key], `the key ${problem}`);
    size += key.length + value.length;
  }
  if (size > mostAnnotationBytes)
    findings.add(path, "FieldValueTooLong", `must be no more than ${mostAnnotationBytes} bytes together`);
}

/** Of pods and their templates. */
export function validateInit(
  annotations: Readonly<Record<string, string>> | undefined,
  path: Path,
  findings: Findings,
): void {
  const problem = initAnnotationProblem(annotations);
  if (problem !== undefined) findings.invalid([...path, initAnnotation], problem);
}

function validateOwners(owners: readonly OwnerReference[], path: Path, findings: Findings): void {
  for (const [i, owner] of owners.entries()) {
    for (const field of ["apiVersion", "kind", "name", "uid"] as const)
      if (owner[field] === "") findings.required([...path, i, field]);
  }
  const controllers = owners.filter((owner) => owner.controller === true);
  if (controllers.length > 1)
    findings.invalid(
      path,
      `only one owner can have \`controller\` true, not ${controllers.map((owner) => owner.name).join(", ")}`,
    );
}

const fixed = ["name", "namespace", "uid", "creationTimestamp"] as const;

function validateMetaUpdate(metadata: ObjectMeta, previous: ObjectMeta, findings: Findings): void {
  for (const field of fixed) {
    const given = metadata[field];
    const differs = given !== undefined && given !== "" && given !== previous[field];
    if (differs && previous[field] !== undefined)
      findings.invalid(["metadata", field], `cannot change: it is ${quote(previous[field])}`);
  }
  if (previous.deletionTimestamp === undefined) return;
  const known = new Set(previous.finalizers);
  for (const [i, finalizer] of (metadata.finalizers ?? []).entries())
    if (!known.has(finalizer))
      findings.forbidden(["metadata", "finalizers", i], "no finalizer can be added to what is being deleted");
}
