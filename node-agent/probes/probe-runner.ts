/** Which runner a probe needs. */
import type { ContainerRuntime } from "../runtime/container-runtime.ts";
import { runExec } from "./exec-runner.ts";
import { runGrpc } from "./grpc-runner.ts";
import { runHttp } from "./http-runner.ts";
import type { ProbeRunner } from "./runner.ts";
import { runTcp } from "./tcp-runner.ts";

export function createProbeRunner(runtime: ContainerRuntime): ProbeRunner {
  return (target, probe, signal) => {
    if (probe.exec) return runExec(runtime, target, probe.exec.command ?? [], signal);
    if (probe.httpGet) return runHttp(target, probe.httpGet, signal);
    if (probe.tcpSocket) return runTcp(target, probe.tcpSocket, signal);
    if (probe.grpc) return runGrpc(target, probe.grpc, signal);
    return Promise.resolve({ ok: true, message: "the probe has no action" });
  };
}
