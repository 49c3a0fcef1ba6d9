/** Rules for the hooks around a container's start and stop. */
import type { Lifecycle, LifecycleHandler } from "../pod/probe.ts";
import type { Path } from "../schema/field-path.ts";
import type { Findings } from "../schema/findings.ts";
import { validateHttpGet, validatePort } from "./probe-rules.ts";
import { checkOneOf } from "./unique.ts";

const handlers = ["exec", "httpGet", "tcpSocket", "sleep"];

export function validateLifecycle(lifecycle: Lifecycle | undefined, path: Path, findings: Findings): void {
  for (const hook of ["postStart", "preStop"] as const) {
    const handler = lifecycle?.[hook];
    if (handler !== undefined) validateHandler(handler, [...path, hook], findings);
  }
}

function validateHandler(handler: LifecycleHandler, path: Path, findings: Findings): void {
  checkOneOf(handler, handlers, "something to do", path, findings);
  if (handler.exec !== undefined && (handler.exec.command ?? []).length === 0)
    findings.required([...path, "exec", "command"]);
  if (handler.httpGet !== undefined) validateHttpGet(handler.httpGet, [...path, "httpGet"], findings);
  if (handler.tcpSocket !== undefined) validatePort(handler.tcpSocket.port, [...path, "tcpSocket", "port"], findings);
  if (handler.sleep !== undefined && handler.sleep.seconds < 0)
    findings.invalid([...path, "sleep", "seconds"], "must not be negative");
}
