/** From pods to one row a container, in Docker's words. Pure. */
import { pausedCondition } from "#proto/resources/container-wishes.ts";
import { formatAge } from "#proto/resources/duration.ts";
import type { Container, ContainerStatus, Pod } from "#proto/resources/pod.ts";
import { usageProblem } from "../../program-options.ts";

export type PsStatus = "created" | "running" | "paused" | "restarting" | "exited" | "stopped" | "removing";

export interface PsRow {
  /** Of the container. */
  readonly name: string;
  readonly names: string;
  readonly id: string;
  readonly image: string;
  readonly command: string;
  /** Age of the pod. */
  readonly createdAt: string;
  readonly runningFor: string;
  readonly state: PsStatus;
  readonly status: string;
  readonly ports: string;
  readonly node: string;
  readonly pod: string;
  readonly namespace: string;
  readonly labels: string;
  readonly size: string;
}

export function rowsOf(pod: Pod, nowMs: number): readonly PsRow[] {
  const { metadata, spec, status } = pod;
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const createdAt = metadata.creationTimestamp ?? "";
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [...(spec.initContainers ?? []), ...spec.containers].map((container): PsRow => {
    const known = statuses.find(({ name }) => name === container.name);
    const state = stateOf(pod, known);
    return {
      name: container.name,
      names: container.name,
      id: known?.containerID?.replace(/^orch:\/\//, "") ?? "",
      image: container.image ?? "",
      command: [...(container.command ?? []), ...(container.args ?? [])].map(quoted).join(" "),
      createdAt,
      runningFor: `${formatAge(createdAt, nowMs)} ago`,
      state,
      status: statusText(state, known, nowMs),
      ports: portsOf(container),
      node: spec.nodeName ?? "",
      pod: metadata.name,
      namespace: metadata.namespace ?? "default",
      labels: labels.join(","),
      size: "",
    };
  });
}

const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word));

function stateOf(pod: Pod, known: ContainerStatus | undefined): PsStatus {
  const running = known?.state?.running !== undefined;
  if (running && pod.metadata.deletionTimestamp !== undefined) return "removing";
  if (running) {
    const type = pausedCondition(known.name);
    const paused = pod.status?.conditions?.some((one) => one.type === type && one.status === "True");
    return paused ? "paused" : "running";
  }
  if (known?.state?.terminated) return "exited";
  if (known?.state?.waiting?.reason === "Stopped") return "stopped";
  return known?.lastState?.terminated ? "restarting" : "created";
}

function statusText(state: PsStatus, known: ContainerStatus | undefined, nowMs: number): string {
  const ago = (time: string | undefined): string => formatAge(time, nowMs);
  const ended = known?.state?.terminated ?? known?.lastState?.terminated;
  const exit = ended === undefined ? "" : ` (${ended.exitCode}) ${ago(ended.finishedAt)} ago`;
  const waiting = known?.state?.waiting?.reason;
  switch (state) {
    case "running":
      return `Up ${ago(known?.state?.running?.startedAt)}${known?.ready ? "" : " (not ready)"}`;
    case "paused":
      return `Up ${ago(known?.state?.running?.startedAt)} (Paused)`;
    case "removing":
      return "Removing";
    case "exited":
      return `Exited${exit}`;
    case "stopped":
      return `Stopped${exit}`;
    case "restarting":
      return `Restarting${exit}`;
    case "created":
      return waiting === undefined ? "Created" : `Created (${waiting})`;
  }
}

const portsOf = ({ ports = [] }: Container): string =>
  ports.map(({ containerPort, protocol = "TCP" }) => `${containerPort}/${protocol.toLowerCase()}`).join(", ");

type Filter = (row: PsRow) => boolean;

const filters: Readonly<Record<string, (value: string) => Filter>> = {
  name: (value) => (row) => row.name.includes(value) || row.pod.includes(value),
  pod: (value) => (row) => row.pod === value,
  id: (value) => (row) => row.id.startsWith(value),
  node: (value) => (row) => row.node === value,
  namespace: (value) => (row) => row.namespace === value,
  status: (value) => (row) => row.state === value || (value === "exited" && row.state === "stopped"),
  ancestor: (value) => (row) =>
    row.image === value || row.image.split("@")[0] === value || row.image.replace(/:[^:/]*$/, "") === value,
  label: (value) => (row) =>
    row.labels.split(",").some((label) => label === value || (!value.includes("=") && label.split("=")[0] === value)),
};

/** Of one name any may hold, of several names all must, as in Docker. */
export function filterOf(words: readonly string[]): Filter {
  const byName = new Map<string, Filter[]>();
  for (const word of words) {
    const [, name = "", value = ""] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    const make = Object.hasOwn(filters, name) ? filters[name] : undefined;
    if (!make)
      throw usageProblem(
        `--filter ${word} is not known`,
        `as NAME=value, with one of ${Object.keys(filters).join(", ")}`,
      );
    byName.set(name, [...(byName.get(name) ?? []), make(value)]);
  }
  const groups = [...byName.values()];
  return (row) => groups.every((group) => group.some((filter) => filter(row)));
}

/** Whether status is asked for: then those that do not run count, too. */
export const asksForStatus = (words: readonly string[]): boolean => words.some((word) => word.startsWith("status="));

export const runsNow = ({ state }: PsRow): boolean => ["running", "paused", "restarting", "removing"].includes(state);
