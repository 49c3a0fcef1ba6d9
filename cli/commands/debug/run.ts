/** Adds a container with tools to a pod that runs, to a copy of it, or to a node, and joins it. */
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { EphemeralContainer, Pod } from "#proto/resources/pod.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";
import { parseDetachKeys } from "../attach/detach-keys.ts";
import { wantsTerminal } from "../attach/session.ts";
import { podOf } from "../pod-of.ts";
import { runInForeground } from "../run/foreground.ts";
import { removePod } from "../run/remove-pod.ts";
import { copyOf, nodePod, type ToolOptions, toolContainer } from "./manifests.ts";

export interface DebugOptions extends ToolOptions {
  readonly attach?: boolean;
  readonly copyTo?: string;
  readonly sameNode?: boolean;
  readonly detachKeys: string;
  readonly timeout: number;
}

const uniqueLength = 5;
const attempts = 5;

interface Scene {
  readonly options: DebugOptions;
  readonly tool: EphemeralContainer;
  readonly connection: Connection;
  readonly environment: Environment;
  /** Set when its streams are to be ours. */
  readonly joined: { readonly terminal: boolean; readonly detachKeys: Buffer } | undefined;
  readonly unique: string;
}

export async function runDebug(
  word: string,
  words: readonly string[],
  options: DebugOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const detachKeys = parseDetachKeys(options.detachKeys);
  const terminal = wantsTerminal(options, environment);
  const node = /^(?:nodes?|no)\/(.+)$/.exec(word)?.[1];
  if (node !== undefined && (options.target ?? options.copyTo) !== undefined)
    throw usageProblem("--target and --copy-to are for pods", "leave them out");
  if (options.copyTo !== undefined && options.target !== undefined)
    throw usageProblem("--target is for the pod itself, not for a copy", "leave it out, or --copy-to");
  const unique = systemRandom.uuid().slice(0, uniqueLength);
  const tool = toolContainer({ ...options, tty: terminal }, words, unique);
  const isJoined = options.attach || options.stdin || terminal;
  await withConnection(global, environment, async (connection) => {
    const joined = isJoined || node !== undefined ? { terminal, detachKeys } : undefined;
    const scene = { options, tool, connection, environment, joined, unique };
    if (node !== undefined) return onNode(node, scene);
    const pod = await podOf(connection, word);
    return options.copyTo === undefined ? inPod(pod, scene) : inCopy(pod, options.copyTo, scene);
  });
}

async function inPod(pod: Pod, scene: Scene): Promise<void> {
  const { name } = pod.metadata;
  const { tool, connection, environment, joined } = scene;
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed")
    throw new Problem("conflict", `pod ${name} has ended: nothing runs in it any more`, {
      hint: `look into a copy: orchctl debug ${name} -it --copy-to ${name}-debug --image ${tool.image}`,
    });
  if (!joined) {
    await addTo(name, tool, connection);
    environment.out.write(`container ${tool.name} added to pod ${name}; see: orchctl logs ${name} -c ${tool.name}\n`);
    return;
  }
  await join(pod as unknown as KubeObject, scene, () => addTo(name, tool, connection));
}

/** Others may change the pod at the same time. */
async function addTo(name: string, tool: EphemeralContainer, { api, namespace }: Connection): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const object = await api.get("pods", namespace, name);
    const spec = object.spec as Pod["spec"];
    const known = spec.ephemeralContainers ?? [];
    const body = { ...object, spec: { ...spec, ephemeralContainers: [...known, tool] } };
    const target = { resource: "pods", namespace, name, subresource: "ephemeralcontainers" };
    try {
      await api.update(target, body, { fieldManager: "orchctl-debug" });
      return;
    } catch (thrown) {
      if (!Problem.is(thrown, "conflict") || attempt === attempts) throw thrown;
    }
  }
}

async function inCopy(pod: Pod, name: string, scene: Scene): Promise<void> {
  const { tool, connection, environment, joined, options } = scene;
  const { api, namespace } = connection;
  const how = { name, sameNode: options.sameNode === true, isAttached: joined !== undefined };
  const created = (await api.create("pods", namespace, copyOf(pod, tool, how), { fieldManager: "orchctl" })).object;
  environment.err.write(`pod ${name} is a copy of ${pod.metadata.name}; when done: orchctl delete pod ${name}\n`);
  if (joined) await join(created, scene);
}

/** Its pod is of no use afterwards. */
async function onNode(node: string, scene: Scene): Promise<void> {
  const { tool, connection, environment, unique } = scene;
  const { api, namespace } = connection;
  await api.get("nodes", "", node);
  const created = (await api.create("pods", namespace, nodePod(node, tool, unique), { fieldManager: "orchctl" }))
    .object;
  let hasLeft = false;
  try {
    hasLeft = await join(created, scene);
  } finally {
    if (!hasLeft) await removePod(connection, created.metadata.name, environment);
  }
}

/** True when the user left it running. */
async function join(object: KubeObject, scene: Scene, begin?: () => Promise<void>): Promise<boolean> {
  const { options, tool, connection, environment, joined } = scene;
  if (!joined) return false;
  const how = { ...joined, stdin: options.stdin === true, timeoutMs: options.timeout, container: tool.name, begin };
  const exitCode = await runInForeground(object, how, connection, environment);
  const { name } = object.metadata;
  if (exitCode !== undefined) environment.setExitCode(exitCode);
  else environment.err.write(`\nleft it running; back to it: orchctl attach -it ${name} -c ${tool.name}\n`);
  return exitCode === undefined;
}
