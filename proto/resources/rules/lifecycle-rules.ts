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
  const { stopSignal } = lifecycle ?? {};
  if (stopSignal !== undefined && !signals.test(stopSignal))
    findings.invalid([...path, "stopSignal"], `is no signal that can be asked for: write it as SIGTERM or SIGRTMIN+3`);
}

const names = [
  "ABRT|ALRM|BUS|CHLD|CONT|FPE|HUP|ILL|INT|IO|KILL|PIPE|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU",
  "URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|RTMIN(?:[+](?:[1-9]|1[0-5]))?|RTMAX(?:-(?:[1-9]|1[0-4]))?",
].join("|");
const signals = new RegExp(`^SIG(?:${names})$`);

function validateHandler(handler: LifecycleHandler, path: Path, findings: Findings): void {
  checkOneOf(handler, handlers, "something to do", path, findings);
  if (handler.exec !== undefined && (handler.exec.command ?? []).length === 0)
    findings.required([...path, "exec", "command"]);
  if (handler.httpGet !== undefined) validateHttpGet(handler.httpGet, [...path, "httpGet"], findings);
  if (handler.tcpSocket !== undefined) validatePort(handler.tcpSocket.port, [...path, "tcpSocket", "port"], findings);
  if (handler.sleep !== undefined && handler.sleep.seconds < 0)
    findings.invalid([...path, "sleep", "seconds"], "must not be negative");
}
