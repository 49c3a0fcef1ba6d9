/** Makes a pod, prints its log from the first byte, and leaves with its exit code. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ContainerStatus, Pod } from "#proto/resources/pod.ts";
import { ApiClient } from "../../client/api-client.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { nameOf } from "../../printers/objects.ts";
import { visible } from "../../printers/table.ts";
import { watchUntil } from "../../waiting/watch-until.ts";
import { printStream } from "../exec/run.ts";
import { definitionOf } from "../targets.ts";
import { runManifest } from "./manifest.ts";
import type { RunOptions } from "./run-options.ts";

export async function runRun(
  first: string,
  words: readonly string[],
  options: RunOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const read = { ...options, envFileText: await envFiles(options, environment) };
  const manifest = runManifest(first, words, read, environment.variables);
  if (options.dryRun !== undefined && options.dryRun !== "none") {
    const { createOne } = await import("../create/run.ts");
    await createOne(manifest, { ...options, fieldManager: "orchctl" }, global, environment);
    return;
  }
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

async function envFiles({ envFile = [] }: RunOptions, { workingDirectory }: Environment): Promise<readonly string[]> {
  return Promise.all(
    envFile.map((path) =>
      readFile(resolve(workingDirectory, path), "utf8").catch((thrown: unknown) => {
        throw new Problem("not-found", `cannot read --env-file ${path}`, { cause: thrown });
      }),
    ),
  );
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
