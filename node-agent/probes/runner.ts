/** One run of one probe. A probe that cannot run at all has failed; only an abort throws. */

import type { LifecycleHandler } from "#proto/resources/pod/probe.ts";
import type { Container, Probe } from "#proto/resources/pod.ts";

export interface ProbeTarget {
  readonly containerId: string;
  readonly container: Container;
  /** The pod's addresses; the node's for pods on its network. */
  readonly addresses: readonly string[];
}

export interface ProbeAnswer {
  readonly ok: boolean;
  readonly message: string;
}

export type ProbeRunner = (target: ProbeTarget, probe: Probe, signal: AbortSignal) => Promise<ProbeAnswer>;

/** Runs a lifecycle hook to its end. Throws only when it could not be run, or for the signal's reason. */
export type HookRunner = (target: ProbeTarget, hook: LifecycleHandler, signal: AbortSignal) => Promise<ProbeAnswer>;

/** Port number, or the name of one of the container's ports. */
export function portNumber(port: number | string, container: Container): number | undefined {
  const named = container.ports?.find(({ name }) => name !== undefined && name === port)?.containerPort;
  const number = named ?? Number(port);
  return Number.isInteger(number) && number > 0 && number < 65_536 ? number : undefined;
}
