/**
 * What people wish of a pod's containers besides running them: to be stopped or paused, or restarted once more. Desired state like any
 * other, kept as an annotation of the pod: it reaches the node with the pod, and outlives agents, control planes and machines. Pure.
 */
import type { KubeObject } from "./object.ts";
import type { Pod } from "./pod.ts";
import type { Findings } from "./schema/findings.ts";

export const containerWishesAnnotation = "orch/containers";

export type WishedState = "Running" | "Stopped" | "Paused";

export interface ContainerWish {
  readonly state: WishedState;
  /** Raised by one for each restart that is asked for. */
  readonly restart: number;
  /** Of a stop or restart; the pod's own when absent. */
  readonly graceSeconds?: number;
  /** Instead of the container's stop signal. */
  readonly signal?: string;
}

export type ContainerWishes = Readonly<Record<string, ContainerWish>>;

const usual: ContainerWish = { state: "Running", restart: 0 };
const states: readonly string[] = ["Running", "Stopped", "Paused"] satisfies readonly WishedState[];
const maxBytes = 64 * 1024;
const maxGraceSeconds = 86_400;

type Annotated = Pick<KubeObject, "metadata"> | undefined;

/** What cannot be read counts as no wish: the API refuses it, and a node must not guess. */
export function containerWishes(object: Annotated): ContainerWishes {
  const text = object?.metadata.annotations?.[containerWishesAnnotation];
  if (text === undefined) return {};
  const read = parse(text);
  return typeof read === "string" ? {} : read;
}

export function wishOf(object: Annotated, container: string): ContainerWish {
  if (object?.metadata.annotations?.[containerWishesAnnotation] === undefined) return usual;
  const wishes = containerWishes(object);
  return (Object.hasOwn(wishes, container) ? wishes[container] : undefined) ?? usual;
}

/** The annotation's text with other wishes for some containers; undefined when nothing is left to say. */
export function withWishes(
  object: Annotated,
  containers: readonly string[],
  change: (wish: ContainerWish) => ContainerWish,
): string | undefined {
  const all: Record<string, ContainerWish> = { ...containerWishes(object) };
  for (const name of containers) all[name] = change(wishOf(object, name));
  const told = Object.entries(all).filter(([, { state, restart }]) => state !== "Running" || restart > 0);
  return told.length === 0 ? undefined : JSON.stringify(Object.fromEntries(told));
}

export function validateContainerWishes({ metadata, spec }: Pod, findings: Findings): void {
  const text = metadata.annotations?.[containerWishesAnnotation];
  if (text === undefined) return;
  const path = ["metadata", "annotations", containerWishesAnnotation];
  const read = parse(text);
  const names = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
  if (typeof read === "string") findings.invalid(path, read);
  else
    for (const name of Object.keys(read))
      if (!names.includes(name))
        findings.invalid(path, `the pod has no container \`${name}\`; it has ${names.join(", ")}`);
}

/** The wishes, or what is wrong with the text. */
function parse(text: string): ContainerWishes | string {
  if (text.length > maxBytes) return `must be no longer than ${maxBytes} characters`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `must be JSON, as {"app":{"state":"Stopped"}}`;
  }
  if (!isRecord(value)) return "must be a JSON object: by container what is wished of it";
  const wishes: [string, ContainerWish][] = [];
  for (const [name, wish] of Object.entries(value)) {
    const problem = problemOf(wish);
    if (problem !== undefined) return `${name}: ${problem}`;
    wishes.push([name, { ...usual, ...(wish as Partial<ContainerWish>) }]);
  }
  return Object.fromEntries(wishes);
}

function problemOf(wish: unknown): string | undefined {
  if (!isRecord(wish)) return `must be an object, as {"state":"Stopped"}`;
  const { state = "Running", restart = 0, graceSeconds = 0, signal = "", ...others } = wish;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `\`${unknown}\` is unknown; known are state, restart, graceSeconds, signal`;
  if (typeof state !== "string" || !states.includes(state)) return `state must be one of ${states.join(", ")}`;
  if (!isCount(restart, Number.MAX_SAFE_INTEGER)) return "restart must be a whole number from 0";
  if (!isCount(graceSeconds, maxGraceSeconds))
    return `graceSeconds must be a whole number from 0 to ${maxGraceSeconds}`;
  if (typeof signal !== "string" || !/^(?:|[A-Za-z0-9+-]{1,16})$/.test(signal)) return "signal must be one, as SIGINT";
  return undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown, most: number): boolean =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= most;

const pausedPrefix = "paused.orch/";

/** Type of the condition that says of a pod: this container is paused now. */
export const pausedCondition = (container: string): string => `${pausedPrefix}${container}`;

export const isPausedCondition = (type: string): boolean => type.startsWith(pausedPrefix);
