/** Stops, starts, restarts, pauses, signals and removes: all but the signal are wishes that the cluster keeps. */
import { Problem } from "#proto/kit/problem.ts";
import { wishOf } from "#proto/resources/container-wishes.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { eachInTurn } from "../../changes/report.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { visible } from "../../printers/table.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { waitUntilGone } from "../../waiting/until-gone.ts";
import { askContainer } from "../ask-container.ts";
import { containerOf } from "../pod-of.ts";
import { definitionOf, parseOne } from "../targets.ts";
import {
  type Fulfilled,
  hasRestarted,
  isFrozen,
  isStarted,
  isStopped,
  isThawed,
  statusesOf,
  untilFulfilled,
  wish,
} from "./wish.ts";

export interface LifecycleFlags {
  readonly container?: string;
  readonly time?: number;
  readonly signal?: string;
  readonly wait: boolean;
  readonly timeout?: number;
}

export interface KillFlags {
  readonly container?: string;
  readonly signal: string;
}

export interface RemoveFlags {
  readonly force?: boolean;
  readonly timeout: number;
}

type Named = ReturnType<typeof parseOne>;

interface Turn {
  readonly named: Named;
  readonly connection: Connection;
}

function inTurn(
  words: readonly string[],
  done: string,
  { global, environment }: { readonly global: GlobalOptions; readonly environment: Environment },
  each: (turn: Turn) => Promise<void>,
): Promise<void> {
  const found = words.map((word) => parseOne([word], "pods"));
  return withConnection(global, environment, (connection) =>
    eachInTurn({ found, missing: [] }, done, environment, (named) => each({ named, connection })),
  );
}

/** Problem `unsupported` for a workload, with what is done to those instead. */
async function podNamed({ named, connection }: Turn, verb: string, instead: string): Promise<Pod> {
  const { definition, name } = named;
  if (definition.kind !== "Pod")
    throw new Problem("unsupported", `${definition.kind} ${name} cannot be ${verb}: its pods come and go`, {
      hint: instead.replaceAll("NAME", `${definition.singular}/${name}`),
    });
  return (await connection.api.get("pods", connection.namespace, name)) as unknown as Pod;
}

const isOver = ({ status }: Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";

/** Those that run on beside each other; init containers only when they are named. */
function meant(pod: Pod, container: string | undefined): readonly string[] {
  if (container !== undefined) return [containerOf(pod, container)];
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  return [...sidecars, ...pod.spec.containers].map(({ name }) => name);
}

function say({ out }: Environment, pod: Pod, { container }: LifecycleFlags, what: string): void {
  const which = container === undefined ? "" : ` container ${container}`;
  out.write(`${visible(`pod/${pod.metadata.name}${which} ${what}`)}\n`);
}

const spareMs = 60_000;

function timeoutOf(pod: Pod, { time, timeout }: LifecycleFlags): number {
  return timeout ?? (time ?? pod.spec.terminationGracePeriodSeconds ?? 30) * 1000 + spareMs;
}

interface Change {
  readonly what: string;
  readonly fulfilled: Fulfilled;
  readonly change: Parameters<typeof wish>[3];
}

async function carryOut(
  pod: Pod,
  flags: LifecycleFlags,
  { what, fulfilled, change }: Change,
  connection: Connection,
  environment: Environment,
): Promise<void> {
  const containers = meant(pod, flags.container);
  const wished = await wish(connection, pod.metadata.name, containers, change);
  if (flags.wait && pod.spec.nodeName)
    await untilFulfilled(connection, wished, { containers, fulfilled, what }, timeoutOf(pod, flags), environment);
  say(environment, pod, flags, flags.wait ? what : `is to be ${what}`);
}

export function runStop(
  words: readonly string[],
  flags: LifecycleFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return inTurn(words, "stopped", { global, environment }, async (turn) => {
    const pod = await podNamed(turn, "stopped", "scale it down: orchctl scale NAME --replicas 0");
    refuseOwned(pod, turn.named.name);
    if (isOver(pod)) return say(environment, pod, flags, "has ended already");
    const given = {
      ...(flags.time !== undefined && { graceSeconds: flags.time }),
      ...(flags.signal !== undefined && { signal: flags.signal }),
    };
    const change: Change["change"] = ({ restart }) => ({ restart, state: "Stopped", ...given });
    await carryOut(pod, flags, { what: "stopped", fulfilled: isStopped, change }, turn.connection, environment);
  });
}

/** A stopped copy would count as one of its workload's and serve nobody. */
function refuseOwned({ metadata }: Pod, name: string): void {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (!owner) return;
  const set = `${owner.kind.toLowerCase()}/${owner.name}`;
  const workload = owner.kind === "ReplicaSet" ? owner.name.replace(/-[a-z0-9]+$/, "") : owner.name;
  throw new Problem("conflict", `pod ${name} belongs to ${set}: stopped it would count as a copy and serve nobody`, {
    object: `Pod ${metadata.namespace ?? "default"}/${name}`,
    hint: `fewer copies: orchctl scale deployment/${workload} --replicas N; another copy in its place: orchctl delete pod ${name}; frozen for a look: orchctl pause ${name}`,
  });
}

export function runStart(
  words: readonly string[],
  flags: LifecycleFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return inTurn(words, "started", { global, environment }, async (turn) => {
    const pod = await podNamed(turn, "started", "scale it up: orchctl scale NAME --replicas N");
    refuseOver(pod, "started");
    const change: Change["change"] = ({ state, restart }) =>
      state === "Stopped" ? { state: "Running", restart } : { state, restart };
    const fulfilled: Fulfilled = (status, now) =>
      isStarted(status, now) || wishOf(now as unknown as KubeObject, status.name).state === "Paused";
    await carryOut(pod, flags, { what: "started", fulfilled, change }, turn.connection, environment);
  });
}

function refuseOver(pod: Pod, verb: string): void {
  if (!isOver(pod)) return;
  const { name, namespace = "default" } = pod.metadata;
  throw new Problem("conflict", `pod ${name} has ended (${pod.status?.phase}): it cannot be ${verb}`, {
    object: `Pod ${namespace}/${name}`,
    hint: `make it anew: orchctl get pod ${name} -n ${namespace} -o yaml | orchctl replace --force -f -`,
  });
}

export function runRestart(
  words: readonly string[],
  flags: LifecycleFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return inTurn(words, "restarted", { global, environment }, async (turn) => {
    if (turn.named.definition.kind === "Deployment") {
      const { rolloutChange } = await import("../rollout/run.ts");
      return rolloutChange("restart", { words: [`deployment/${turn.named.name}`] }, global, environment);
    }
    const pod = await podNamed(turn, "restarted", "restart its Deployment, or delete its pods");
    refuseOver(pod, "restarted");
    const change: Change["change"] = ({ state, restart }) => ({
      state: "Running",
      restart: state === "Stopped" ? restart : restart + 1,
      ...(flags.time !== undefined && { graceSeconds: flags.time }),
    });
    const fulfilled = hasRestarted(pod);
    await carryOut(pod, flags, { what: "restarted", fulfilled, change }, turn.connection, environment);
  });
}

export function runPause(
  words: readonly string[],
  flags: LifecycleFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return inTurn(words, "paused", { global, environment }, async (turn) => {
    const pod = await podNamed(turn, "paused", "its rollouts can: orchctl rollout pause NAME; else pause its pods");
    refuseOver(pod, "paused");
    const stopped = meant(pod, flags.container).find((name) => wishOf(asObject(pod), name).state === "Stopped");
    if (stopped !== undefined)
      throw new Problem("conflict", `container ${stopped} of pod ${pod.metadata.name} is stopped: nothing is to pause`);
    const change: Change["change"] = ({ restart }) => ({ state: "Paused", restart });
    await carryOut(pod, flags, { what: "paused", fulfilled: isFrozen, change }, turn.connection, environment);
  });
}

export function runUnpause(
  words: readonly string[],
  flags: LifecycleFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return inTurn(words, "unpaused", { global, environment }, async (turn) => {
    const pod = await podNamed(
      turn,
      "unpaused",
      "its rollouts can: orchctl rollout resume NAME; else unpause its pods",
    );
    const change: Change["change"] = ({ state, ...others }) =>
      state === "Paused" ? { state: "Running", restart: others.restart } : { state, ...others };
    await carryOut(pod, flags, { what: "unpaused", fulfilled: isThawed, change }, turn.connection, environment);
  });
}

const asObject = (pod: Pod): KubeObject => pod as unknown as KubeObject;

export function runKill(
  words: readonly string[],
  flags: KillFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return inTurn(words, "signaled", { global, environment }, async (turn) => {
    const pod = await podNamed(turn, "signaled", "name one of its pods: orchctl ps");
    const running = statusesOf(pod).flatMap(({ name, state }) => (state?.running ? [name] : []));
    const containers = flags.container === undefined ? running : [containerOf(pod, flags.container)];
    if (containers.length === 0)
      throw new Problem("conflict", `nothing of pod ${pod.metadata.name} runs`, {
        hint: `orchctl describe pod ${pod.metadata.name} shows why`,
      });
    for (const container of containers)
      await askContainer(turn.connection, pod, container, { verb: "signal", signal: flags.signal }, environment);
    environment.out.write(`${visible(`pod/${pod.metadata.name} ${flags.signal} sent to ${containers.join(", ")}`)}\n`);
  });
}

const removalGraceSeconds = 1;

export function runRemove(
  words: readonly string[],
  flags: RemoveFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const deadline = startDeadline(environment.clock, flags.timeout);
  return inTurn(words, "removed", { global, environment }, async (turn) => {
    const { api, namespace } = turn.connection;
    const pod = await podNamed(turn, "removed", "delete it with its pods: orchctl delete NAME");
    const { name, uid = "" } = pod.metadata;
    const runs = statusesOf(pod).some(({ state }) => state?.running !== undefined);
    if (runs && !flags.force)
      throw new Problem("conflict", `pod ${name} runs`, {
        hint: `stop it first (orchctl stop ${name}), or: orchctl rm -f ${name}`,
      });
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
    if (owner)
      environment.err.write(`${visible(`${owner.kind.toLowerCase()}/${owner.name} makes another one in its place`)}\n`);
    await api.delete({ resource: "pods", namespace, name, graceSeconds: removalGraceSeconds, preconditionUid: uid });
    const target = { definition: definitionOf("pods"), namespace, name, uid };
    await waitUntilGone(turn.connection, target, deadline, environment);
    environment.out.write(`${visible(`pod/${name} removed`)}\n`);
  });
}
