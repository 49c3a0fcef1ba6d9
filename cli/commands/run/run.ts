/** Makes a pod and runs it in the foreground: its streams are ours, and its exit code. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { startAnnotation, whenAttached } from "#proto/resources/start-when-attached.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { nameOf } from "../../printers/objects.ts";
import { defaultDetachKeys, parseDetachKeys } from "../attach/detach-keys.ts";
import { wantsTerminal } from "../attach/session.ts";
import { definitionOf } from "../targets.ts";
import { runInForeground } from "./foreground.ts";
import { runManifest } from "./manifest.ts";
import { removePod } from "./remove-pod.ts";
import type { RunOptions } from "./run-options.ts";

export async function runRun(
  first: string,
  words: readonly string[],
  options: RunOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const detachKeys = parseDetachKeys(options.detachKeys ?? defaultDetachKeys);
  const terminal = options.detach ? options.tty === true : wantsTerminal(options, environment);
  const read = { ...options, tty: terminal, envFileText: await envFiles(options, environment) };
  const manifest = runManifest(first, words, read, environment.variables);
  if (options.dryRun !== undefined && options.dryRun !== "none") {
    const { createOne } = await import("../create/run.ts");
    await createOne(manifest, { ...options, fieldManager: "orchctl" }, global, environment);
    return;
  }
  await withConnection(global, environment, async (connection) => {
    const { api, namespace } = connection;
    const wanted = options.detach ? manifest : startingWhenAttached(manifest);
    const created = (await api.create("pods", namespace, wanted, { fieldManager: "orchctl" })).object;
    const { name } = created.metadata;
    if (options.detach) {
      environment.out.write(`${nameOf(definitionOf("pods"), created)} created\n`);
      return;
    }
    const how = { stdin: options.stdin === true, terminal, detachKeys, timeoutMs: options.timeout };
    let hasLeft = false;
    try {
      const exitCode = await runInForeground(created, how, connection, environment);
      hasLeft = exitCode === undefined;
      if (exitCode !== undefined) environment.setExitCode(exitCode);
      else environment.err.write(leftWords(name, options));
    } finally {
      if (options.rm && !hasLeft) await removePod(connection, name, environment);
    }
  });
}

function startingWhenAttached({ metadata, ...rest }: KubeObject): KubeObject {
  return { ...rest, metadata: { ...metadata, annotations: { [startAnnotation]: whenAttached } } };
}

function leftWords(name: string, { rm }: RunOptions): string {
  const removal = rm ? `; --rm is up to you now: orchctl delete pod ${name}` : "";
  return `\nleft pod ${name}, which goes on; back to it: orchctl attach -it ${name}${removal}\n`;
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
