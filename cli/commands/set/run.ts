/** Changes containers of pods and pod templates by a strategic merge patch: other containers and fields stay as they are. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Container } from "#proto/resources/pod.ts";
import { parseQuantity } from "#proto/resources/quantity.ts";
import type { ChangeFlags } from "../../changes/flags.ts";
import { eachInTurn, Report, writeQuery } from "../../changes/report.ts";
import { type Selected, type SelectFlags, selectObjects } from "../../changes/select.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { fieldOf } from "../../printers/field-path.ts";
import { nameOf } from "../../printers/objects.ts";
import { visible } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";
import { parseOne } from "../targets.ts";

export interface SetFlags extends ChangeFlags, SelectFlags {
  readonly containers?: string;
}

export interface EnvFlags extends SetFlags {
  readonly from?: string;
  readonly prefix?: string;
  readonly list?: boolean;
}

export interface ResourcesFlags extends SetFlags {
  readonly requests?: string;
  readonly limits?: string;
}

interface Found extends Selected {
  readonly containers: readonly Container[];
}

/** What becomes of one container; undefined leaves it alone. */
type Change = (container: Container) => Readonly<Record<string, unknown>> | undefined;

const splitAt = (
  words: readonly string[],
  isChange: (word: string) => boolean,
): readonly [readonly string[], readonly string[]] => {
  const first = words.findIndex(isChange);
  return first < 0 ? [words, []] : [words.slice(0, first), words.slice(first)];
};

export function setImage(
  words: readonly string[],
  flags: SetFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const [target, pairs] = splitAt(words, (word) => word.includes("="));
  const images = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
  if (images.size === 0 || [...images].some(([name, image]) => name === "" || image === ""))
    throw usageProblem(
      "no image was given",
      "write CONTAINER=IMAGE, as in: orchctl set image deployment/web main=nginx:2",
    );
  return change({ target, flags, global, environment, done: "image updated" }, (found) => {
    for (const name of images.keys()) if (name !== "*") containerOf(found, name);
    return ({ name }) => {
      const image = images.get(name) ?? images.get("*");
      return image === undefined ? undefined : { image };
    };
  });
}

export function setEnv(
  words: readonly string[],
  flags: EnvFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const [target, pairs] = splitAt(words, (word) => word.includes("=") || word.endsWith("-"));
  const given = pairs.map(variableOf);
  const source = flags.from === undefined ? undefined : sourceOf(flags.from);
  if (given.length === 0 && !source && !flags.list)
    throw usageProblem(
      "no variable was given",
      "write NAME=VALUE to set one, NAME- to remove one, or use --from or --list",
    );
  const request = { target, flags, global, environment, done: "env updated" };
  return change(request, async (found, connection) => {
    if (flags.list) {
      environment.out.write(listEnv(found));
      return undefined;
    }
    const env = [...given, ...(source ? await variablesFrom(source, flags.prefix ?? "", connection) : [])];
    return () => ({ env });
  });
}

function variableOf(pair: string): Readonly<Record<string, unknown>> {
  const equals = pair.indexOf("=");
  if (equals === 0 || (equals < 0 && !pair.endsWith("-")))
    throw usageProblem(`"${pair}" is neither NAME=VALUE nor NAME-`, "objects are named before variables");
  if (equals < 0) return { name: pair.slice(0, -1), $patch: "delete" };
  return { name: pair.slice(0, equals), value: pair.slice(equals + 1), valueFrom: null };
}

interface Source {
  readonly resource: string;
  readonly key: "configMapKeyRef" | "secretKeyRef";
  readonly name: string;
}

function sourceOf(text: string): Source {
  const { definition, name } = parseOne([text]);
  if (definition.kind === "ConfigMap") return { resource: "configmaps", key: "configMapKeyRef", name };
  if (definition.kind === "Secret") return { resource: "secrets", key: "secretKeyRef", name };
  throw usageProblem(
    `variables cannot come from a ${definition.kind}`,
    "use --from configmap/NAME or --from secret/NAME",
  );
}

async function variablesFrom(
  { resource, key, name }: Source,
  prefix: string,
  { api, namespace }: Connection,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { data } = await api.get(resource, namespace, name);
  return Object.keys((data ?? {}) as object).map((dataKey) => ({
    name: `${prefix}${dataKey}`.replace(/[^A-Za-z0-9_]/g, "_").toUpperCase(),
    value: null,
    valueFrom: { [key]: { name, key: dataKey } },
  }));
}

function listEnv({ definition, object, containers }: Found): string {
  const lines = containers.flatMap(({ name, env = [] }) => [
    `# ${nameOf(definition, object)}, container ${name}`,
    ...env.map((one) => `${one.name}=${one.value ?? `<${JSON.stringify(one.valueFrom ?? "")}>`}`),
  ]);
  return lines.map((line) => `${visible(line)}\n`).join("");
}

export function setResources(
  words: readonly string[],
  flags: ResourcesFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const amounts = {
    ...(flags.requests !== undefined && { requests: amountsOf("--requests", flags.requests) }),
    ...(flags.limits !== undefined && { limits: amountsOf("--limits", flags.limits) }),
  };
  if (Object.keys(amounts).length === 0)
    throw usageProblem("nothing to set was given", "use --requests or --limits, as in: --limits memory=256Mi");
  return change({ target: words, flags, global, environment, done: "resources updated" }, () => () => ({
    resources: amounts,
  }));
}

export function amountsOf(flag: string, text: string): Readonly<Record<string, string | null>> {
  const pairs = text.split(",").map((pair): [string, string | null] => {
    const [, name = "", amount = ""] = /^([^=]+)=(.*)$/.exec(pair.trim()) ?? [];
    const quantity = parseQuantity(amount);
    if (name === "" || !quantity || quantity.nanos < 0n)
      throw usageProblem(`${flag}: "${pair}" is no amount`, "write it as cpu=500m,memory=128Mi");
    return [name, quantity.nanos === 0n ? null : amount];
  });
  return Object.fromEntries(pairs);
}

interface SetRequest {
  readonly target: readonly string[];
  readonly flags: SetFlags;
  readonly global: GlobalOptions;
  readonly environment: Environment;
  readonly done: string;
}

type MakeChange = (found: Found, connection: Connection) => Change | undefined | Promise<Change | undefined>;

async function change({ target, flags, global, environment, done }: SetRequest, make: MakeChange): Promise<void> {
  if (flags.dryRun === "client") throw usageProblem("this can be tried on the server only", "use --dry-run=server");
  const report = await Report.open(flags, environment);
  await withConnection(global, environment, async (connection) => {
    const selected = await selectObjects({ words: target, flags, global }, connection, environment);
    await eachInTurn(selected, "changed", environment, async (one) => {
      const containers = containersOf(one);
      if (flags.containers !== undefined) containerOf({ ...one, containers }, flags.containers);
      const decide = await make({ ...one, containers }, connection);
      if (!decide) return;
      const changed = containers
        .filter(({ name }) => flags.containers === undefined || name === flags.containers)
        .flatMap((container) => {
          const fields = decide(container);
          return fields === undefined ? [] : [{ name: container.name, ...fields }];
        });
      const pod = { containers: changed };
      const spec = one.definition.kind === "Pod" ? pod : { template: { spec: pod } };
      const address = { resource: one.definition.resource, namespace: one.namespace, name: one.name };
      report.add(
        one.definition,
        await connection.api.patch(address, { type: "strategic", body: { spec } }, writeQuery(flags)),
        done,
      );
    });
    report.close();
  });
}

function containersOf({ definition, name, object }: Selected): readonly Container[] {
  const path = definition.kind === "Pod" ? "spec.containers" : "spec.template.spec.containers";
  const containers = fieldOf(object as KubeObject, path);
  if (Array.isArray(containers)) return containers as readonly Container[];
  throw new Problem("unsupported", `${definition.kind} ${name} has no containers`, {
    hint: "pods and workloads (Deployments, ReplicaSets) do",
  });
}

function containerOf({ definition, object, containers }: Found, wanted: string): void {
  if (containers.some(({ name }) => name === wanted)) return;
  throw new Problem("not-found", `it has no container "${wanted}"`, {
    object: nameOf(definition, object),
    hint: `it has: ${containers.map(({ name }) => name).join(", ")}`,
  });
}
