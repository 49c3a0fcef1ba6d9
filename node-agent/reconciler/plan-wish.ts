/** PURE. What people wish of one running container: its stop or restart, its pause and the end of that. */
import { type ContainerWish, wishOf } from "#proto/resources/container-wishes.ts";
import type { Container } from "#proto/resources/pod.ts";
import { isWished, type PodRecord, type Stop } from "../journal/record.ts";
import { awaitsHook, ownGraceMs, recordOf } from "./pod-machine.ts";
import type { Step } from "./steps.ts";
import type { ObservedContainer, PodView } from "./view.ts";

/** The stop that is wished for, if one is: a new one, or the one under way for that reason or with less grace. */
export function wishedStop(record: PodRecord, container: Container, view: PodView): Stop | undefined {
  const wish = wishOf(record.pod, container.name);
  const known = recordOf(record, container.name);
  const isStopped = wish.state === "Stopped";
  if (!isStopped && wish.restart <= (known.restart ?? 0)) return undefined;
  const graceMs = wish.graceSeconds === undefined ? ownGraceMs(record.pod) : wish.graceSeconds * 1000;
  const reason = isStopped ? "Stopped" : "Restarted";
  if (known.stop && isWished(known.stop) && known.stop.graceMs <= graceMs) return undefined;
  return {
    startedAtMs: known.stop?.startedAtMs ?? view.now.bootMs,
    startedAtWallMs: known.stop?.startedAtWallMs ?? view.now.wallMs,
    graceMs: Math.min(graceMs, known.stop?.graceMs ?? graceMs),
    reason,
    message: `Container ${container.name} is to be ${reason.toLowerCase()}`,
    ...signalOf(wish),
  };
}

const signalOf = ({ signal }: ContainerWish): { signal?: string } =>
  signal === undefined || signal === "" ? {} : { signal };

/** A hook after the start is waited for: frozen it would never end. */
export function pauseSteps(
  record: PodRecord,
  container: Container,
  observed: ObservedContainer,
  view: PodView,
): readonly Step[] {
  if (view.now.bootMs < (record.setup?.notBeforeMs ?? 0)) return [];
  const { name } = container;
  const known = recordOf(record, name);
  if (known.stop) return []; // the stop sees to it
  const isWanted = wishOf(record.pod, name).state === "Paused" && !awaitsHook(container, known);
  if (isWanted === (observed.paused === true)) return [];
  return [{ kind: isWanted ? "pause-container" : "resume-container", container: name, id: observed.id }];
}
