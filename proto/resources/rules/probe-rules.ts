/** Rules for probes. */
import type { IntOrString } from "../int-or-string.ts";
import { portName, portRange } from "../name-rules.ts";
import type { HttpGetAction, Probe } from "../pod/probe.ts";
import type { Path } from "../schema/field-path.ts";
import type { Findings } from "../schema/findings.ts";
import { checkOneOf } from "./unique.ts";

type Role = "livenessProbe" | "readinessProbe" | "startupProbe";
const handlers = ["exec", "httpGet", "tcpSocket", "grpc"];
const headerName = /^[-A-Za-z0-9!#$%&'*+.^_`|~]+$/;

/** Kubernetes reads 0 as "not said" here. */
export function applyProbeDefaults(probe: Probe | undefined): void {
  if (probe === undefined) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
}

export function validateProbe(probe: Probe | undefined, role: Role, containerPath: Path, findings: Findings): void {
  if (probe === undefined) return;
  const path = [...containerPath, role];
  checkOneOf(probe, handlers, "a way to ask", path, findings);
  if (probe.exec !== undefined && (probe.exec.command ?? []).length === 0)
    findings.required([...path, "exec", "command"]);
  if (probe.httpGet !== undefined) validateHttpGet(probe.httpGet, [...path, "httpGet"], findings);
  if (probe.grpc !== undefined) findings.check([...path, "grpc", "port"], portRange(probe.grpc.port));
  if (probe.tcpSocket !== undefined) validatePort(probe.tcpSocket.port, [...path, "tcpSocket", "port"], findings);
  if (role !== "readinessProbe" && (probe.successThreshold ?? 1) !== 1)
    findings.invalid([...path, "successThreshold"], `must be 1 for a ${role}`);
  validateGrace(probe, role, path, findings);
}

function validateGrace(probe: Probe, role: Role, path: Path, findings: Findings): void {
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds === undefined) return;
  const at = [...path, "terminationGracePeriodSeconds"];
  if (role === "readinessProbe") findings.forbidden(at, "cannot be set: a readiness probe kills nothing");
  else if (seconds <= 0) findings.invalid(at, "must be more than 0");
}

export function validateHttpGet(action: HttpGetAction, path: Path, findings: Findings): void {
  if (action.path === "") findings.required([...path, "path"]);
  validatePort(action.port, [...path, "port"], findings);
  for (const [i, header] of (action.httpHeaders ?? []).entries())
    if (!headerName.test(header.name))
      findings.invalid([...path, "httpHeaders", i, "name"], "is not a name of an HTTP header");
}

export function validatePort(port: IntOrString, path: Path, findings: Findings): void {
  findings.check(path, typeof port === "number" ? portRange(port) : portName(port));
}
