/** Lifecycle hooks are probes that run once, and may just wait. */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { ContainerRuntime } from "../runtime/container-runtime.ts";
import { runExec } from "./exec-runner.ts";
import { runHttp } from "./http-runner.ts";
import type { HookRunner } from "./runner.ts";
import { runTcp } from "./tcp-runner.ts";

export function createHookRunner(runtime: ContainerRuntime, clock: Clock): HookRunner {
  return async (target, hook, signal) => {
    if (hook.exec) return runExec(runtime, target, hook.exec.command ?? [], signal);
    if (hook.httpGet) return runHttp(target, hook.httpGet, signal);
    if (hook.tcpSocket) return runTcp(target, hook.tcpSocket, signal);
    if (hook.sleep) await sleep(clock, hook.sleep.seconds * 1000, signal);
    return { ok: true, message: "done" };
  };
}
