/** A container: what it runs, what it may use, how it is probed, and how it is. Pure. */
import { formatDuration } from "#proto/resources/duration.ts";
import type { Container, ContainerStatus, Pod } from "#proto/resources/pod.ts";
import { ago, exitText, stateText } from "../../waiting/container-state.ts";
import { amounts, type Line, optional } from "./story.ts";

/** `status` is undefined in a template, where nothing runs. */
export function containerLines(
  title: string,
  container: Container,
  status: ContainerStatus | undefined,
  nowMs: number,
): readonly Line[] {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  const probes = { Liveness: livenessProbe, Readiness: readinessProbe, Startup: startupProbe };
  return [
    [`${title} ${container.name}`, container.image ?? ""],
    ...optional("  Content", pinned(container, status)),
    ...optional("  Command", words(container.command)),
    ...optional("  Arguments", words(container.args)),
    ...optional("  Ports", container.ports?.map(portText).join(", ")),
    ...optional("  Requests", amounts(container.resources?.requests, "")),
    ...optional("  Limits", amounts(container.resources?.limits, "")),
    ...optional("  Environment", environment(container)),
    ...optional("  Mounts", container.volumeMounts?.map(mountText).join(", ")),
    ...Object.entries(probes).flatMap(([name, probe]) => optional(`  ${name}`, probe && probeText(probe))),
    ...(status === undefined ? [] : statusLines(status, nowMs)),
  ];
}

/** The very content that runs: a tag may mean something else by now. */
function pinned({ image }: Container, status: ContainerStatus | undefined): string | undefined {
  const id = status?.imageID;
  return id === undefined || id === "" || id === image ? undefined : id;
}

const words = (list: readonly string[] | undefined): string | undefined =>
  list?.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");

type Port = NonNullable<Container["ports"]>[number];
const portText = ({ name, containerPort, protocol, hostPort }: Port): string =>
  `${name ? `${name} ` : ""}${containerPort}/${protocol ?? "TCP"}${hostPort ? ` (${hostPort} of the node)` : ""}`;

type Mount = NonNullable<Container["volumeMounts"]>[number];
const mountText = ({ mountPath, name, readOnly, subPath }: Mount): string =>
  `${mountPath} from ${name}${subPath ? `/${subPath}` : ""}${readOnly ? " (read-only)" : ""}`;

/** Values of variables that come from Secrets are named, never shown. */
function environment({ env = [], envFrom = [] }: Container): string {
  const single = env.map(({ name, value, valueFrom }) => {
    const { secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef } = valueFrom ?? {};
    if (secretKeyRef) return `${name} from secret ${secretKeyRef.name ?? ""}[${secretKeyRef.key}]`;
    if (configMapKeyRef) return `${name} from configmap ${configMapKeyRef.name ?? ""}[${configMapKeyRef.key}]`;
    if (fieldRef) return `${name} from ${fieldRef.fieldPath}`;
    if (resourceFieldRef) return `${name} from ${resourceFieldRef.resource}`;
    return `${name}=${value ?? ""}`;
  });
  const whole = envFrom.map(({ configMapRef, secretRef, prefix }) => {
    const source = configMapRef ? `configmap ${configMapRef.name ?? ""}` : `secret ${secretRef?.name ?? ""}`;
    return `${prefix ?? ""}* from ${source}`;
  });
  return [...single, ...whole].join(", ");
}

type Probe = NonNullable<Container["livenessProbe"]>;

/** `HTTP GET :8080/healthz every 10 s from 5 s on, 1 s to answer, 3 failures in a row count`. */
export function probeText(probe: Probe): string {
  const { httpGet, tcpSocket, exec, initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1 } = probe;
  const what = httpGet
    ? `${httpGet.scheme ?? "HTTP"} GET ${httpGet.host ?? ""}:${httpGet.port}${httpGet.path ?? "/"}`
    : tcpSocket
      ? `connects to ${tcpSocket.host ?? ""}:${tcpSocket.port}`
      : `runs ${words(exec?.command) ?? ""}`;
  const delay = initialDelaySeconds > 0 ? ` from ${initialDelaySeconds} s on` : "";
  return `${what} every ${periodSeconds} s${delay}, ${timeoutSeconds} s to answer, ${probe.failureThreshold ?? 3} failures in a row count`;
}

function statusLines(status: ContainerStatus, nowMs: number): readonly Line[] {
  const last = status.lastState?.terminated;
  return [
    ["  State", stateText(status, nowMs)],
    ["  Ready", `${status.ready ? "yes" : "no"}, ${status.restartCount ?? 0} restarts`],
    ...optional("  Last exit", last && `${exitText(last)}, ${ago(last.finishedAt, nowMs)}${ranFor(last)}`),
  ];
}

type Ended = NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>;

function ranFor({ startedAt, finishedAt }: Ended): string {
  const ms = Date.parse(finishedAt ?? "") - Date.parse(startedAt ?? "");
  return Number.isNaN(ms) ? "" : `, after ${formatDuration(ms)}`;
}

/** `data: configmap settings`, by volume. */
export function volumeText(volume: NonNullable<Pod["spec"]["volumes"]>[number]): string {
  const { configMap, secret, emptyDir, hostPath, projected, downwardAPI } = volume;
  if (configMap) return `${volume.name}: configmap ${configMap.name ?? ""}`;
  if (secret) return `${volume.name}: secret ${secret.secretName ?? ""}`;
  if (hostPath) return `${volume.name}: ${hostPath.path} of the node`;
  if (projected) return `${volume.name}: several sources`;
  if (downwardAPI) return `${volume.name}: facts about the pod`;
  if (emptyDir) return `${volume.name}: empty directory${emptyDir.medium === "Memory" ? " in memory" : ""}`;
  return volume.name;
}
