/** Defaults and rules for volumes. */
import { configMapKey, dnsLabel, dnsSubdomain, relativePath } from "../name-rules.ts";
import type { PodSpec } from "../pod/spec.ts";
import type { DownwardFile, KeyToPath, Volume, VolumeProjection } from "../pod/volume.ts";
import type { Path } from "../schema/field-path.ts";
import type { Findings } from "../schema/findings.ts";
import { validateFieldRef, validateResourceFieldRef, volumeFields } from "./env-rules.ts";
import { isHugePages } from "./quantity-rules.ts";
import { checkName, checkOneOf, checkUnique } from "./unique.ts";

const sourcesOf = (volume: Volume): readonly string[] => Object.keys(volume).filter((key) => key !== "name");

/** A volume without a source is an emptyDir. */
export function applyVolumeDefaults(volume: Volume): void {
  if (sourcesOf(volume).length === 0) volume.emptyDir = {};
}

/** Name of the page size that an emptyDir's medium asks for; empty when any will do. */
export function hugePageMedium(medium: string): string | undefined {
  return /^HugePages(?:-(\d+[KMG]i))?$/.exec(medium) ? medium.slice("HugePages-".length) : undefined;
}

/** Huge pages that nobody asks for would never be there. */
export function validateHugePageVolumes(spec: PodSpec, path: Path, findings: Findings): void {
  const asked = [spec, ...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    Object.keys({ ...resources?.requests, ...resources?.limits }).filter(isHugePages),
  );
  for (const [i, { emptyDir }] of (spec.volumes ?? []).entries()) {
    const size = hugePageMedium(emptyDir?.medium ?? "");
    if (size === undefined || asked.some((name) => size === "" || name === `hugepages-${size}`)) continue;
    const what = size === "" ? "huge pages" : `hugepages-${size}`;
    findings.invalid([...path, i, "emptyDir", "medium"], `no container asks for ${what} in its resources`);
  }
}

export function validateVolumes(volumes: readonly Volume[], path: Path, findings: Findings): void {
  for (const [i, volume] of volumes.entries()) {
    const at = [...path, i];
    checkName(volume.name, dnsLabel, [...at, "name"], findings);
    const sources = sourcesOf(volume);
    if (sources.length > 1) findings.forbidden(at, `can have only one of ${sources.join(", ")}`);
    validateSource(volume, at, findings);
  }
  checkUnique(
    volumes.map((volume) => volume.name),
    (i) => [...path, i, "name"],
    findings,
  );
}

function validateSource(volume: Volume, path: Path, findings: Findings): void {
  const { configMap, secret, hostPath, emptyDir, downwardAPI, projected } = volume;
  if (configMap !== undefined) {
    checkName(configMap.name, dnsSubdomain, [...path, "configMap", "name"], findings);
    validateFiles(configMap, [...path, "configMap"], findings);
  }
  if (secret !== undefined) {
    checkName(secret.secretName, dnsSubdomain, [...path, "secret", "secretName"], findings);
    validateFiles(secret, [...path, "secret"], findings);
  }
  if (hostPath !== undefined) validateHostPath(hostPath.path, [...path, "hostPath", "path"], findings);
  if (emptyDir !== undefined) validateEmptyDir(emptyDir, [...path, "emptyDir"], findings);
  if (downwardAPI !== undefined) {
    checkMode(downwardAPI.defaultMode, [...path, "downwardAPI", "defaultMode"], findings);
    validateDownward(downwardAPI.items ?? [], [...path, "downwardAPI", "items"], findings);
  }
  if (projected !== undefined) {
    checkMode(projected.defaultMode, [...path, "projected", "defaultMode"], findings);
    validateProjections(projected.sources ?? [], [...path, "projected", "sources"], findings);
  }
}

function validateEmptyDir(
  { medium = "", sizeLimit }: NonNullable<Volume["emptyDir"]>,
  path: Path,
  findings: Findings,
): void {
  if (medium !== "" && medium !== "Memory" && hugePageMedium(medium) === undefined)
    findings.add(
      [...path, "medium"],
      "FieldValueNotSupported",
      "must be empty, `Memory`, `HugePages` or `HugePages-2Mi`",
    );
  if (sizeLimit?.startsWith("-")) findings.invalid([...path, "sizeLimit"], "must not be negative");
}

function validateHostPath(hostPath: string, path: Path, findings: Findings): void {
  if (hostPath === "") findings.required(path);
  else if (hostPath.split("/").includes("..")) findings.invalid(path, "must not contain `..`");
}

function checkMode(mode: number | undefined, path: Path, findings: Findings): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) findings.invalid(path, "must be from 0 to 0777 (octal) or 511");
}

interface Files {
  readonly items?: readonly KeyToPath[] | undefined;
  readonly defaultMode?: number | undefined;
}

function validateFiles({ items = [], defaultMode }: Files, path: Path, findings: Findings): void {
  checkMode(defaultMode, [...path, "defaultMode"], findings);
  for (const [i, item] of items.entries()) {
    const at = [...path, "items", i];
    checkName(item.key, configMapKey, [...at, "key"], findings);
    checkName(item.path, relativePath, [...at, "path"], findings);
    checkMode(item.mode, [...at, "mode"], findings);
  }
}

function validateDownward(files: readonly DownwardFile[], path: Path, findings: Findings): void {
  for (const [i, file] of files.entries()) {
    const at = [...path, i];
    checkName(file.path, relativePath, [...at, "path"], findings);
    checkMode(file.mode, [...at, "mode"], findings);
    checkOneOf(file, ["fieldRef", "resourceFieldRef"], "a source", at, findings);
    if (file.fieldRef !== undefined) validateFieldRef(file.fieldRef, volumeFields, [...at, "fieldRef"], findings);
    if (file.resourceFieldRef === undefined) continue;
    if (!file.resourceFieldRef.containerName) findings.required([...at, "resourceFieldRef", "containerName"]);
    validateResourceFieldRef(file.resourceFieldRef, [...at, "resourceFieldRef"], findings);
  }
}

const projections = [
  "secret",
  "configMap",
  "downwardAPI",
  "serviceAccountToken",
  "clusterTrustBundle",
  "podCertificate",
];

function validateProjections(sources: readonly VolumeProjection[], path: Path, findings: Findings): void {
  const paths: string[] = [];
  for (const [i, source] of sources.entries()) {
    const at = [...path, i];
    checkOneOf(source, projections, "a source", at, findings);
    for (const field of ["secret", "configMap"] as const) {
      const projection = source[field];
      if (projection === undefined) continue;
      checkName(projection.name, dnsSubdomain, [...at, field, "name"], findings);
      validateFiles(projection, [...at, field], findings);
      paths.push(...(projection.items ?? []).map((item) => item.path));
    }
    const files = source.downwardAPI?.items ?? [];
    validateDownward(files, [...at, "downwardAPI", "items"], findings);
    paths.push(...files.map((file) => file.path));
  }
  checkUnique(paths, () => path, findings);
}
