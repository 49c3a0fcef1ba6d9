/** Defaults and rules for a pod's spec, in a Pod or in a template. */
import { dnsLabel, dnsSubdomain, ipAddress } from "../name-rules.ts";
import type { PodSpec } from "../pod/spec.ts";
import { allContainers } from "../pod-containers.ts";
import type { Path } from "../schema/field-path.ts";
import type { Findings } from "../schema/findings.ts";
import {
  applyContainerDefaults,
  type ContainerScope,
  validateContainer,
  validateInitContainer,
} from "./container-rules.ts";
import { validateEphemeral } from "./ephemeral-rules.ts";
import { validateLabels } from "./meta-rules.ts";
import { validatePodResources } from "./quantity-rules.ts";
import { validateAffinity, validateSpread, validateTolerations } from "./scheduling-rules.ts";
import { validateOwnUsers, validatePodSecurityContext, validateSharedSysctls } from "./security-rules.ts";
import { checkUnique } from "./unique.ts";
import { applyVolumeDefaults, validateHugePageVolumes, validateVolumes } from "./volume-rules.ts";

const mostContainers = 100;

export function applyPodSpecDefaults(spec: PodSpec): void {
  for (const container of allContainers({ spec })) applyContainerDefaults(container);
  for (const volume of spec.volumes ?? []) applyVolumeDefaults(volume);
}

export function validatePodSpec(spec: PodSpec, path: Path, findings: Findings): void {
  validateVolumes(spec.volumes ?? [], [...path, "volumes"], findings);
  validateHugePageVolumes(spec, [...path, "volumes"], findings);
  validateContainers(spec, path, findings);
  validatePodResources(spec, path, findings);
  validatePodSecurityContext(spec.securityContext, [...path, "securityContext"], findings);
  validateSharedSysctls(spec, path, findings);
  validateOwnUsers(spec, path, findings);
  validateLabels(spec.nodeSelector, [...path, "nodeSelector"], findings);
  validateAffinity(spec.affinity, [...path, "affinity"], findings);
  validateTolerations(spec.tolerations ?? [], [...path, "tolerations"], findings);
  validateSpread(spec.topologySpreadConstraints ?? [], [...path, "topologySpreadConstraints"], findings);
  validateNames(spec, path, findings);
  validateHost(spec, path, findings);
  validateDns(spec, path, findings);
}

function validateContainers(spec: PodSpec, path: Path, findings: Findings): void {
  const { containers, initContainers = [] } = spec;
  const at = [...path, "containers"];
  const initAt = [...path, "initContainers"];
  if (containers.length === 0) findings.required(at, "must have at least one container");
  if (containers.length + initContainers.length > mostContainers)
    findings.add(at, "FieldValueTooMany", `must be no more than ${mostContainers}, init containers among them`);
  const scope: ContainerScope = {
    volumeNames: new Set(spec.volumes?.map((volume) => volume.name)),
    hostNetwork: spec.hostNetwork === true,
  };
  for (const [i, container] of initContainers.entries()) {
    validateContainer(container, scope, [...initAt, i], findings);
    validateInitContainer(container, [...initAt, i], findings);
  }
  for (const [i, container] of containers.entries()) validateContainer(container, scope, [...at, i], findings);
  const ephemeralAt = [...path, "ephemeralContainers"];
  validateEphemeral(spec, scope, ephemeralAt, findings);
  checkHostPorts(containers, at, findings);
  const places = [
    ...initContainers.map((_, i) => [...initAt, i, "name"]),
    ...containers.map((_, i) => [...at, i, "name"]),
    ...(spec.ephemeralContainers ?? []).map((_, i) => [...ephemeralAt, i, "name"]),
  ];
  checkUnique(
    allContainers({ spec }).map((container) => container.name),
    (i) => places[i] ?? at,
    findings,
  );
}

function checkHostPorts(containers: PodSpec["containers"], path: Path, findings: Findings): void {
  const seen = new Set<string>();
  for (const [i, { ports = [] }] of containers.entries()) {
    for (const [j, { hostPort, hostIP = "", protocol = "TCP" }] of ports.entries()) {
      if (hostPort === undefined || hostPort === 0) continue;
      const port = `${hostIP}/${protocol}/${hostPort}`;
      if (seen.has(port)) findings.duplicate([...path, i, "ports", j, "hostPort"], `${hostPort}/${protocol}`);
      seen.add(port);
    }
  }
}

/** The kernel's. */
const maxHostnameLength = 64;

function validateNames(spec: PodSpec, path: Path, findings: Findings): void {
  if (spec.hostname) findings.check([...path, "hostname"], dnsLabel(spec.hostname));
  if (spec.hostnameOverride) {
    findings.check([...path, "hostnameOverride"], dnsSubdomain(spec.hostnameOverride));
    if (spec.hostnameOverride.length > maxHostnameLength)
      findings.invalid([...path, "hostnameOverride"], `must be no longer than ${maxHostnameLength} characters`);
    for (const field of ["setHostnameAsFQDN", "hostNetwork"] as const)
      if (spec[field]) findings.forbidden([...path, "hostnameOverride"], `cannot be set beside ${field}`);
  }
  if (spec.subdomain) findings.check([...path, "subdomain"], dnsLabel(spec.subdomain));
  for (const field of ["nodeName", "serviceAccountName", "priorityClassName"] as const) {
    const name = spec[field];
    if (name) findings.check([...path, field], dnsSubdomain(name));
  }
  for (const [i, secret] of (spec.imagePullSecrets ?? []).entries())
    if (!secret.name) findings.required([...path, "imagePullSecrets", i, "name"]);
  for (const [i, alias] of (spec.hostAliases ?? []).entries()) {
    findings.check([...path, "hostAliases", i, "ip"], ipAddress(alias.ip));
    for (const [j, hostname] of (alias.hostnames ?? []).entries())
      findings.check([...path, "hostAliases", i, "hostnames", j], dnsSubdomain(hostname));
  }
}

function validateHost(spec: PodSpec, path: Path, findings: Findings): void {
  const grace = spec.terminationGracePeriodSeconds;
  if (grace !== undefined && grace < 0)
    findings.invalid([...path, "terminationGracePeriodSeconds"], "must not be negative");
  if ((spec.activeDeadlineSeconds ?? 1) < 1) findings.invalid([...path, "activeDeadlineSeconds"], "must be at least 1");
  if (spec.os?.name === "windows") findings.forbidden([...path, "os", "name"], "refused: nodes run Linux");
  if (spec.hostPID === true && spec.shareProcessNamespace === true)
    findings.invalid([...path, "shareProcessNamespace"], "cannot be true beside hostPID");
}

const mostNameservers = 3;
const mostSearches = 32;

function validateDns({ dnsPolicy, dnsConfig }: PodSpec, path: Path, findings: Findings): void {
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  const at = [...path, "dnsConfig"];
  if (dnsPolicy === "None" && nameservers.length === 0)
    findings.required([...at, "nameservers"], "must have at least one server with dnsPolicy None");
  if (nameservers.length > mostNameservers)
    findings.add([...at, "nameservers"], "FieldValueTooMany", `must be no more than ${mostNameservers}`);
  if (searches.length > mostSearches)
    findings.add([...at, "searches"], "FieldValueTooMany", `must be no more than ${mostSearches}`);
  for (const [i, server] of nameservers.entries()) findings.check([...at, "nameservers", i], ipAddress(server));
  for (const [i, search] of searches.entries())
    if (search !== ".") findings.check([...at, "searches", i], dnsSubdomain(search.replace(/\.$/, "")));
  for (const [i, option] of options.entries()) if (!option.name) findings.required([...at, "options", i, "name"]);
}
