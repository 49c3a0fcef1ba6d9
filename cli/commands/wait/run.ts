/** Waits for conditions, fields, creation or deletion, by watching. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { fieldOf } from "../../printers/field-path.ts";
import { nameOf } from "../../printers/objects.ts";
import { usageProblem } from "../../program-options.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { watchUntil } from "../../waiting/watch-until.ts";
import { parseTargets, type Target } from "../targets.ts";

export interface WaitRequest {
  readonly conditions: readonly string[];
  readonly selector?: string;
  readonly timeoutMs: number;
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
  const path = /^jsonpath=(\{[^}]+\}|[^=]+)(?:=(.*))?$/.exec(text);
  if (path) return (object) => matchesField(fieldOf(object, path[1] ?? ""), path[2]);
  throw usageProblem(
    `--for ${text} is not known`,
    "use condition=Ready, delete, create, or jsonpath={.status.phase}=Running",
  );
}

const matchesField = (value: unknown, wanted: string | undefined): boolean =>
  wanted === undefined ? value !== undefined : String(value) === wanted.replace(/^['"](.*)['"]$/, "$1");

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
  const [kinds = "", ...names] = words;
  const deadline = startDeadline(environment.clock, request.timeoutMs);
  await withConnection(global, environment, async (connection) => {
    const targets = await Promise.all(parseTargets(kinds, names).map((target) => expand(target, request, connection)));
    for (const { definition, names: wanted } of targets) {
      for (const name of wanted) {
        const namespace = definition.namespaced ? connection.namespace : "";
        let exists = true;
        await watchUntil(
          connection.api,
          { resource: definition.resource, namespace, name },
          (object) => {
            exists = object !== undefined;
            return tests.every((test) => test(object)) ? true : undefined;
          },
          {
            timeoutMs: deadline.remainingMs(),
            describe: () =>
              `${definition.kind} ${name}${exists ? "" : ", which does not exist,"}: not ${request.conditions.join(" and ")} within ${deadline.timeoutMs / 1000} s`,
          },
          environment,
        );
        environment.out.write(`${nameOf(definition, { metadata: { name } })} condition met\n`);
      }
    }
  });
}

async function expand(target: Target, request: WaitRequest, { api, namespace }: Connection): Promise<Target> {
  if (target.names.length > 0) return target;
  const { definition } = target;
  const { items } = await api.list(definition.resource, {
    namespace: definition.namespaced ? namespace : "",
    ...(request.selector !== undefined && { labelSelector: request.selector }),
  });
  if (items.length === 0 && !request.conditions.includes("delete"))
    throw new Problem("not-found", `no ${definition.plural} match`);
  return { definition, names: items.map((item) => item.metadata.name) };
}
