/** Makes a pod, prints its log from the first byte, and leaves with its exit code. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ContainerStatus, Pod } from "#proto/resources/pod.ts";
import { ApiClient } from "../../client/api-client.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { nameOf } from "../../printers/objects.ts";
import { visible } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";
import { watchUntil } from "../../waiting/watch-until.ts";
import { printStream } from "../exec/run.ts";
import { definitionOf } from "../targets.ts";

export interface RunOptions {
  readonly image?: string;
  readonly name?: string;
  readonly command?: boolean;
  readonly rm?: boolean;
  readonly detach?: boolean;
  readonly restart: string;
  readonly env: readonly string[];
  readonly labels?: string;
  readonly port?: number;
  readonly imagePullPolicy?: string;
  readonly timeout: number;
}

/** Room for the five characters that make a generated name unique, within 63. */
const maxBaseLength = 57;

/** The pod for a one-off run. Pure. */
export function runManifest(first: string, words: readonly string[], options: RunOptions): KubeObject {
  const image = options.image ?? first;
  const name = options.name ?? (options.image === undefined ? undefined : first);
  const base =
    (image.split("@")[0]?.split("/").at(-1)?.split(":")[0] ?? "run")
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, "-")
      .slice(0, maxBaseLength)
      .replace(/^-+|-+$/g, "") || "run";
  if (image === "") throw usageProblem("no image was given", "as in: orchctl run --rm busybox:1 -- echo hello");
  const env = options.env.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw usageProblem(`-e ${pair} is no NAME=value`);
    return { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });
  const labels = Object.fromEntries(
    (options.labels ?? `run=${name ?? base}`).split(",").map((pair) => {
      const match = /^([^=]+)=(.*)$/.exec(pair);
      if (!match) throw usageProblem(`--labels: "${pair}" is no NAME=value`, "write them as app=web,tier=front");
      return [match[1] ?? "", match[2] ?? ""] as const;
    }),
  );
  const container = {
    name: base,
    image,
    ...(words.length > 0 && (options.command ? { command: words } : { args: words })),
    ...(env.length > 0 && { env }),
    ...(options.port !== undefined && { ports: [{ containerPort: options.port }] }),
    ...(options.imagePullPolicy !== undefined && { imagePullPolicy: options.imagePullPolicy }),
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: name ?? "", ...(name === undefined && { generateName: `${base}-` }), labels },
    spec: {
      restartPolicy: options.restart,
      terminationGracePeriodSeconds: options.rm ? 2 : 30,
      containers: [container],
    },
  };
}

export async function runRun(
  first: string,
  words: readonly string[],
  options: RunOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const manifest = runManifest(first, words, options);
  await withConnection(global, environment, async (connection) => {
    const { api, namespace } = connection;
    const created = (await api.create("pods", namespace, manifest, { fieldManager: "orchctl" })).object;
    const { name } = created.metadata;
    if (options.detach) {
      environment.out.write(`${nameOf(definitionOf("pods"), created)} created\n`);
      return;
    }
    try {
      environment.setExitCode(await follow(created, options, connection, environment));
    } finally {
      if (options.rm) await remove(connection, name, environment);
    }
  });
}

/** Also after Ctrl-C, which ends every other call: this one has only its own time-out. */
async function remove({ api, namespace }: Connection, name: string, environment: Environment): Promise<void> {
  const lasting = new ApiClient(api.rpc, new AbortController().signal);
  await lasting.delete({ resource: "pods", namespace, name, graceSeconds: 0 }).catch((thrown: unknown) => {
    if (Problem.is(thrown, "not-found")) return;
    environment.err.write(
      `warning: pod ${visible(name)} may still be there: ${visible(Problem.from(thrown).message)}\n`,
    );
  });
}

const statusOf = (pod: Pod): ContainerStatus | undefined => pod.status?.containerStatuses?.[0];

/** Waits until the container has begun, prints its log to the end, then its exit code. */
async function follow(
  created: KubeObject,
  options: RunOptions,
  connection: Connection,
  environment: Environment,
): Promise<number> {
  const { api, namespace } = connection;
  const { name } = created.metadata;
  const target = { resource: "pods", namespace, name };
  let last = "the pod has no node yet";
  let newest = created;
  const begun = await watchUntil(
    api,
    target,
    (object) => {
      if (!object) throw new Problem("not-found", `pod ${name} was deleted while it ran`);
      newest = object;
      const pod = object as unknown as Pod;
      const state = statusOf(pod)?.state;
      last =
        state?.waiting?.message ??
        state?.waiting?.reason ??
        pod.status?.conditions?.find((condition) => condition.type === "PodScheduled" && condition.status === "False")
          ?.message ??
        last;
      refuseHopeless(pod, name);
      return state?.running || state?.terminated || pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed"
        ? pod
        : undefined;
    },
    {
      known: created,
      timeoutMs: options.timeout,
      describe: () => `pod ${name} did not start within ${options.timeout / 1000} s: ${last}`,
    },
    environment,
  );
  const container = begun.spec.containers[0]?.name ?? "";
  const stream = await FrameStream.open(
    api.rpc,
    { kind: "logs", namespace, pod: name, container, logs: { follow: true, tailLines: -1 } },
    environment.signal,
  );
  try {
    await printStream(stream, environment);
  } finally {
    stream.close();
  }
  return watchUntil(
    api,
    target,
    (object) => (object ? statusOf(object as unknown as Pod)?.state?.terminated?.exitCode : 1),
    { known: newest, timeoutMs: 60_000, describe: () => `pod ${name} ended, but its exit code is not known yet` },
    environment,
  );
}

/** Waiting reasons that no waiting mends. */
function refuseHopeless(pod: Pod, name: string): void {
  const waiting = statusOf(pod)?.state?.waiting;
  if (
    !waiting?.reason ||
    ![
      "ErrImagePull",
      "ImagePullBackOff",
      "InvalidImageName",
      "CreateContainerConfigError",
      "CreateContainerError",
      "RunContainerError",
      "ErrImageNeverPull",
    ].includes(waiting.reason)
  )
    return;
  throw new Problem("unavailable", `pod ${name} cannot start: ${waiting.reason}: ${waiting.message ?? ""}`, {
    hint: `orchctl describe pod ${name} shows more`,
  });
}
