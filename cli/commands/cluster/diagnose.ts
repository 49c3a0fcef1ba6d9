/** Packs what somebody who helps needs to know of a cluster into one file, without its secrets; also when half of it does not answer. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clusterPaths, isClusterName } from "#deploy/local-cluster/names.ts";
import { toTime } from "#proto/kit/clock.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { version } from "#proto/kit/version.ts";
import { catalog } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { apiService } from "#proto/wire/generated/services/cluster.ts";
import type { ApiClient } from "../../client/api-client.ts";
import { withConnection } from "../../client/connect.ts";
import { currentContext } from "../../context/current-context.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { redactObject, Scrubber } from "./redact.ts";
import { type TarFile, tarGz } from "./tar.ts";

export interface DiagnoseFlags {
  readonly file?: string;
}

const connectTimeoutMs = 5_000;
const logTailBytes = 4 * 2 ** 20;
/** Of each kind. */
const maxObjects = 5_000;
const pageSize = 500;

export async function runDiagnose(
  flags: DiagnoseFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const { clock } = environment;
  const { cluster } = await currentContext(global, environment);
  const bundle = new Bundle(environment);
  try {
    await withConnection({ ...global, connectTimeoutMs }, environment, ({ api }) => collect(api, bundle));
  } catch (thrown) {
    environment.signal.throwIfAborted();
    bundle.failed("the control plane", thrown);
  }
  collectLogs(cluster, bundle);
  const stamp = toTime(clock.nowMs());
  bundle.add("about.txt", `orchctl ${version}, cluster ${cluster}, made ${stamp}\n`);
  const path =
    flags.file ?? join(environment.workingDirectory, `orch-diagnose-${cluster}-${stamp.replace(/[-:]/g, "")}.tar.gz`);
  writeFileSync(path, tarGz(bundle.files(), clock.nowMs()), { mode: 0o600 });
  environment.out.write(`${path}\n`);
  environment.err.write(
    "Values of Secrets, ConfigMaps and environment variables are not in it. Names, images and logs are: look before you send it.\n",
  );
}

/** Files as they come; what fails is a file of its own. */
class Bundle {
  readonly #environment: Environment;
  readonly #files: { readonly name: string; readonly text: string }[] = [];
  readonly #failures: string[] = [];
  #scrubber = new Scrubber([]);

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  add(name: string, text: string): void {
    this.#files.push({ name, text });
    this.#environment.err.write(`  ${name}\n`);
  }

  failed(what: string, thrown: unknown): void {
    const { message } = Problem.from(thrown);
    this.#failures.push(`${what}: ${message}\n`);
    this.#environment.err.write(`  ${what}: ${message}\n`);
  }

  async try(what: string, collect: () => Promise<void>): Promise<void> {
    try {
      await collect();
    } catch (thrown) {
      this.#environment.signal.throwIfAborted();
      this.failed(what, thrown);
    }
  }

  scrubWith(secrets: readonly KubeObject[]): void {
    this.#scrubber = new Scrubber(secrets);
  }

  /** Every file, whenever it was added, without any value of any Secret. */
  files(): readonly TarFile[] {
    const all = [
      ...this.#files,
      ...(this.#failures.length > 0 ? [{ name: "not-collected.txt", text: this.#failures.join("") }] : []),
    ];
    return all.map(({ name, text }) => ({ name, content: Buffer.from(this.#scrubber.scrub(text)) }));
  }
}

async function collect(api: ApiClient, bundle: Bundle): Promise<void> {
  const raw = async (path: string): Promise<string> =>
    Buffer.from((await api.rpc.unary(apiService.raw, { path })).body).toString("utf8");
  await bundle.try("the status", async () => {
    const { status } = await api.rpc.unary(apiService.clusterStatus, {});
    bundle.add("status.json", indented(JSON.parse(Buffer.from(status).toString("utf8"))));
  });
  await bundle.try("health", async () => bundle.add("readyz.txt", await raw("/readyz?verbose")));
  await bundle.try("metrics of the control plane", async () =>
    bundle.add("metrics/control-plane.txt", await raw("/metrics")),
  );
  for (const { resource, plural } of catalog) {
    await bundle.try(resource, async () => {
      // Every Secret, for none of their values may be in the bundle; of others so many as somebody may look through.
      const { items, left } = plural === "secrets" ? await allOf(api, resource) : await firstOf(api, resource);
      if (plural === "secrets") bundle.scrubWith(items);
      bundle.add(`objects/${resource}.json`, indented(items.slice(0, maxObjects).map(redactObject)));
      if (left > 0) bundle.failed(resource, new Problem("too-large", `${left} more than ${maxObjects} were left out`));
      if (plural === "nodes") for (const node of items) await collectNode(node.metadata.name, raw, bundle);
    });
  }
}

interface Listed {
  readonly items: readonly KubeObject[];
  /** How many more there are. */
  readonly left: number;
}

async function allOf(api: ApiClient, resource: string): Promise<Listed> {
  return { items: (await api.list(resource, { namespace: "" })).items, left: 0 };
}

async function firstOf(api: ApiClient, resource: string): Promise<Listed> {
  const items: KubeObject[] = [];
  for (let token = ""; ; ) {
    const page = await api.rpc.unary(apiService.list, { resource, limit: pageSize, continue: token });
    for (const bytes of page.items) items.push(JSON.parse(Buffer.from(bytes).toString("utf8")) as KubeObject);
    token = page.continue;
    if (token === "" || items.length >= maxObjects) return { items, left: token === "" ? 0 : Number(page.remaining) };
  }
}

async function collectNode(node: string, raw: (path: string) => Promise<string>, bundle: Bundle): Promise<void> {
  await bundle.try(`metrics of ${node}`, async () =>
    bundle.add(`metrics/${node.slice(0, 60)}.txt`, await raw(`/nodes/${encodeURIComponent(node)}/metrics`)),
  );
}

/** Of a local cluster on this machine, as far as they may be read. */
function collectLogs(cluster: string, bundle: Bundle): void {
  if (!isClusterName(cluster)) return;
  const { logs } = clusterPaths(cluster);
  let names: readonly string[];
  try {
    names = readdirSync(logs).filter((name) => name.endsWith(".log"));
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return;
    bundle.failed(`logs in ${logs} (root may read them)`, thrown);
    return;
  }
  for (const name of names) bundle.add(`logs/${name.slice(0, 90)}`, tail(join(logs, name)));
}

function tail(path: string): string {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, logTailBytes));
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.subarray(0, read).toString("utf8");
  } finally {
    closeSync(file);
  }
}

const indented = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
