/** Waits for conditions, fields, creation or deletion, by watching. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type Address, addressesOfFiles, type SelectFlags } from "../../changes/select.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { fieldOf } from "../../printers/field-path.ts";
import { textOf, valuesAt } from "../../printers/jsonpath/evaluate.ts";
import { parsePath } from "../../printers/jsonpath/parse.ts";
import { nameOf } from "../../printers/objects.ts";
import { usageProblem } from "../../program-options.ts";
import { type Deadline, startDeadline } from "../../waiting/deadline.ts";
import { waitForEach } from "../../waiting/each.ts";
import { watchUntil } from "../../waiting/watch-until.ts";
import { parseTargets, type Target } from "../targets.ts";
import { standing } from "./standing.ts";

export interface WaitRequest extends SelectFlags {
  readonly conditions: readonly string[];
  readonly timeoutMs: number;
  readonly output?: string;
}

/** Whether what is asked holds of an object (undefined = it does not exist). Pure. */
export type Test = (object: KubeObject | undefined) => boolean;

export function parseCondition(text: string): Test {
  if (text === "delete") return (object) => object === undefined;
  if (text === "create") return (object) => object !== undefined;
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(text);
  if (condition) {
    const [, type = "", wanted = "True"] = condition;
    return (object) => {
      const conditions = fieldOf(object, "status.conditions");
      if (!Array.isArray(conditions)) return false;
      const found: unknown = conditions.find(
        (one: unknown) => String(fieldOf(one, "type")).toLowerCase() === type.toLowerCase(),
      );
      return String(fieldOf(found, "status") ?? "").toLowerCase() === wanted.toLowerCase() && isCurrent(object);
    };
  }
  if (text.startsWith("jsonpath=")) return pathTest(text.slice("jsonpath=".length));
  throw usageProblem(
    `--for ${text} is not known`,
    "use condition=Ready, delete, create, or jsonpath={.status.phase}=Running",
  );
}

/** `{.status.phase}=Running`, or a path alone: then it must be there. Braces tell where a path with = in it ends. */
function pathTest(text: string): Test {
  const [, path = "", wanted] = /^(\{.*\}|[^=]+)(?:==?(.*))?$/s.exec(text) ?? [];
  const parsed = parsePath(path);
  const bare = wanted?.replace(/^['"](.*)['"]$/s, "$1");
  return (object) => {
    const values = object === undefined ? [] : valuesAt(parsed, object);
    return values.length > 0 && (bare === undefined || values.every((value) => textOf(value) === bare));
  };
}

/** A status that has not seen the newest spec says nothing about it. */
function isCurrent(object: KubeObject | undefined): boolean {
  const observed = fieldOf(object, "status.observedGeneration");
  return typeof observed !== "number" || observed >= (object?.metadata.generation ?? 0);
}

export async function runWait(
  words: readonly string[],
  request: WaitRequest,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const tests = request.conditions.map(parseCondition);
  const deadline = startDeadline(environment.clock, request.timeoutMs);
  await withConnection(global, environment, async (connection) => {
    const addresses = await addressesOf(words, request, { connection, global, environment });
    await waitForEach(addresses, environment, async (address) => {
      await waitForOne(address, { ...request, tests, deadline }, connection, environment);
      const said = nameOf(address.definition, { metadata: { name: address.name } });
      return request.output === "name" ? said : `${said} condition met`;
    });
  });
}

interface Wanted extends Pick<WaitRequest, "conditions"> {
  readonly tests: readonly Test[];
  readonly deadline: Deadline;
}

async function waitForOne(
  { definition, namespace, name }: Address,
  { conditions, tests, deadline }: Wanted,
  { api }: Connection,
  environment: Environment,
): Promise<void> {
  let exists = true;
  let last: KubeObject | undefined;
  const describe = (): string => {
    const now = standing(last, conditions);
    const whole = `${definition.kind} ${name}${exists ? "" : " does not exist"}: not ${conditions.join(" and ")} within ${deadline.timeoutMs / 1000} s`;
    return now === "" ? whole : `${whole}: ${now}`;
  };
  await watchUntil(
    api,
    { resource: definition.resource, namespace, name },
    (object) => {
      last = object;
      exists = object !== undefined;
      return tests.every((test) => test(object)) ? true : undefined;
    },
    {
      timeoutMs: deadline.remainingMs(),
      describe,
      hint: () =>
        exists
          ? `orchctl describe ${definition.singular} ${name} shows how it is`
          : `orchctl get ${definition.plural} lists those there are`,
    },
    environment,
  );
}

/** Names may be of what does not exist yet; a selector must find something, unless it is to be gone. */
async function addressesOf(
  words: readonly string[],
  request: WaitRequest,
  { connection, global, environment }: { connection: Connection; global: GlobalOptions; environment: Environment },
): Promise<readonly Address[]> {
  if (request.filename !== undefined) {
    if (words.length > 0) throw usageProblem("a file and a kind do not go together", "leave one of them out");
    return addressesOfFiles(request, { global, namespace: connection.namespace }, environment);
  }
  const [kinds, ...names] = words;
  if (kinds === undefined)
    throw usageProblem("no object was named", "give KIND NAME, KIND/NAME, KIND -l LABELS, or -f FILE");
  const addresses: Address[] = [];
  for (const target of parseTargets(kinds, names)) addresses.push(...(await expand(target, request, connection)));
  return addresses;
}

async function expand(
  { definition, names }: Target,
  { selector, fieldSelector, all, allNamespaces, conditions }: WaitRequest,
  { api, namespace }: Connection,
): Promise<readonly Address[]> {
  const where = definition.namespaced ? namespace : "";
  const selects = selector !== undefined || fieldSelector !== undefined || all;
  if (names.length > 0) {
    if (selects || allNamespaces)
      throw usageProblem("a name does not go with a selector, --all or -A", "leave one of them out");
    return names.map((name) => ({ definition, namespace: where, name }));
  }
  if (!selects) throw usageProblem(`which ${definition.plural}?`, "give names, -l LABELS, or --all");
  const { items } = await api.list(definition.resource, {
    namespace: allNamespaces ? "" : where,
    ...(selector !== undefined && { labelSelector: selector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  });
  if (items.length === 0 && !conditions.includes("delete"))
    throw new Problem("not-found", `no ${definition.plural} match`, {
      hint: "wait for them by name, or make them first",
    });
  return items.map(({ metadata }) => ({ definition, name: metadata.name, namespace: metadata.namespace ?? where }));
}
