/** Defaults and rules for containers. */
import { dnsLabel, portName, portRange } from "../name-rules.ts";
import type { Container, ContainerPort, VolumeMount } from "../pod/container.ts";
import { formatPath, type Path } from "../schema/field-path.ts";
import { type Findings, quote } from "../schema/findings.ts";
import { validateEnv, validateEnvFrom } from "./env-rules.ts";
import { validateLifecycle } from "./lifecycle-rules.ts";
import { applyProbeDefaults, validateProbe } from "./probe-rules.ts";
import { validateResources } from "./quantity-rules.ts";
import { validateSecurityContext } from "./security-rules.ts";
import { checkName, checkUnique } from "./unique.ts";

/** `Always` for `latest`, said or not, else `IfNotPresent`. */
export function defaultPullPolicy(image: string): "Always" | "IfNotPresent" {
  if (image.includes("@")) return "IfNotPresent";
  const name = image.slice(image.lastIndexOf("/") + 1);
  const colon = name.indexOf(":");
  return colon === -1 || name.slice(colon + 1) === "latest" ? "Always" : "IfNotPresent";
}

export function applyContainerDefaults(container: Container): void {
  container.imagePullPolicy ??= defaultPullPolicy(container.image);
  applyProbeDefaults(container.livenessProbe);
  applyProbeDefaults(container.readinessProbe);
  applyProbeDefaults(container.startupProbe);
}

const mostRestartRules = 20;

export interface ContainerScope {
  readonly volumeNames: ReadonlySet<string>;
  readonly hostNetwork: boolean;
}

export function validateContainer(container: Container, scope: ContainerScope, path: Path, findings: Findings): void {
  checkName(container.name, dnsLabel, [...path, "name"], findings);
  validateImage(container.image, [...path, "image"], findings);
  validatePorts(container.ports ?? [], scope, [...path, "ports"], findings);
  validateEnv(container.env ?? [], [...path, "env"], findings);
  validateEnvFrom(container.envFrom ?? [], [...path, "envFrom"], findings);
  validateResources(container.resources, [...path, "resources"], findings);
  validateMounts(container.volumeMounts ?? [], scope, [...path, "volumeMounts"], findings);
  for (const role of ["livenessProbe", "readinessProbe", "startupProbe"] as const)
    validateProbe(container[role], role, path, findings);
  validateLifecycle(container.lifecycle, [...path, "lifecycle"], findings);
  validateRestart(container, path, findings);
  if (container.terminationMessagePath && !/^\/.+/.test(container.terminationMessagePath))
    findings.invalid([...path, "terminationMessagePath"], "must be an absolute path");
  validateSecurityContext(container.securityContext, [...path, "securityContext"], findings);
}

/** What a container that runs to its end before the others cannot have. */
export function validateInitContainer(container: Container, path: Path, findings: Findings): void {
  if (container.restartPolicy === "Always") return;
  const why = "is only for containers that go on running: a sidecar has restartPolicy Always";
  for (const field of ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] as const)
    if (container[field] !== undefined) findings.forbidden([...path, field], why);
}

function validateRestart(container: Container, path: Path, findings: Findings): void {
  const { restartPolicy, restartPolicyRules = [] } = container;
  const at = [...path, "restartPolicyRules"];
  if (restartPolicyRules.length > 0 && restartPolicy === undefined)
    findings.required([...path, "restartPolicy"], "must be set where restartPolicyRules are");
  if (restartPolicyRules.length > mostRestartRules)
    findings.add(at, "FieldValueTooMany", `must be no more than ${mostRestartRules}`);
  for (const [i, { exitCodes }] of restartPolicyRules.entries())
    if ((exitCodes?.values ?? []).length === 0) findings.required([...at, i, "exitCodes", "values"]);
}

function validateImage(image: string, path: Path, findings: Findings): void {
  if (image === "") findings.required(path);
  else if (image.trim() !== image) findings.invalid(path, "must not start or end with a space");
  else if (/\s/.test(image)) findings.invalid(path, "must not have spaces");
}

function validatePorts(ports: readonly ContainerPort[], scope: ContainerScope, path: Path, findings: Findings): void {
  for (const [i, port] of ports.entries()) {
    const at = [...path, i];
    findings.check([...at, "containerPort"], portRange(port.containerPort));
    if (port.name !== undefined && port.name !== "") findings.check([...at, "name"], portName(port.name));
    if (port.hostPort === undefined || port.hostPort === 0) continue;
    if (!scope.hostNetwork)
      findings.forbidden(
        [...at, "hostPort"],
        "refused: publishing a port on the node is not built yet; use hostNetwork",
      );
    else if (port.hostPort !== port.containerPort)
      findings.invalid([...at, "hostPort"], "must equal containerPort, because the pod uses the node's network");
  }
  warnOfRepeatedPorts(ports, path, findings);
  const named = ports.flatMap((port, i) => (port.name ? [{ name: port.name, i }] : []));
  const names = named.map(({ name }) => name);
  checkUnique(names, (i) => [...path, named[i]?.i ?? 0, "name"], findings);
}

/** Kubernetes takes them, but patches cannot tell them apart. */
function warnOfRepeatedPorts(ports: readonly ContainerPort[], path: Path, findings: Findings): void {
  const seen = new Set<string>();
  for (const [i, { containerPort, protocol = "TCP" }] of ports.entries()) {
    const port = `${containerPort}/${protocol}`;
    if (seen.has(port)) findings.warn(`${formatPath([...path, i])}: port ${port} is there already`);
    seen.add(port);
  }
}

function validateMounts(mounts: readonly VolumeMount[], scope: ContainerScope, path: Path, findings: Findings): void {
  for (const [i, mount] of mounts.entries()) {
    const at = [...path, i];
    if (mount.name === "") findings.required([...at, "name"]);
    else if (!scope.volumeNames.has(mount.name))
      findings.add([...at, "name"], "FieldValueNotFound", `the pod has no volume ${quote(mount.name)}`);
    if (mount.mountPath === "") findings.required([...at, "mountPath"]);
    else if (mount.mountPath.includes(":")) findings.invalid([...at, "mountPath"], "must not contain `:`");
    validateSubPath(mount, at, findings);
  }
  checkUnique(
    mounts.map((mount) => mount.mountPath),
    (i) => [...path, i, "mountPath"],
    findings,
  );
}

function validateSubPath(mount: VolumeMount, path: Path, findings: Findings): void {
  for (const field of ["subPath", "subPathExpr"] as const) {
    const value = mount[field];
    if (value === undefined || value === "") continue;
    if (value.startsWith("/")) findings.invalid([...path, field], "must be a relative path");
    if (value.split("/").includes("..")) findings.invalid([...path, field], "must not contain `..`");
  }
  if (mount.subPath && mount.subPathExpr) findings.invalid([...path, "subPathExpr"], "cannot be set beside `subPath`");
}
