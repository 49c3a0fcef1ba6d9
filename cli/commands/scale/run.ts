/** Sets spec.replicas through the scale subresource. */
import { Problem } from "#proto/kit/problem.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { fieldOf } from "../../printers/field-path.ts";
import { nameOf } from "../../printers/objects.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { waitForRollout } from "../../waiting/rollout.ts";
import { parseOne } from "../targets.ts";

export interface ScaleOptions {
  readonly replicas: number;
  readonly currentReplicas?: number;
  readonly wait?: boolean;
  readonly timeout: number;
}

export async function runScale(
  words: readonly string[],
  options: ScaleOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const targets = words.every((word) => word.includes("/")) ? words.map((word) => parseOne([word])) : [parseOne(words)];
  for (const { definition, name } of targets) {
    if (!definition.subresources.includes("scale"))
      throw new Problem("unsupported", `${definition.kind} ${name} has no replicas to scale`, {
        hint: "scale Deployments and ReplicaSets",
      });
  }
  const deadline = startDeadline(environment.clock, options.timeout);
  await withConnection(global, environment, async (connection) => {
    const { api, namespace } = connection;
    for (const { definition, name } of targets) {
      const current = await api.get(definition.resource, namespace, name);
      const before = fieldOf(current, "spec.replicas");
      if (options.currentReplicas !== undefined && before !== options.currentReplicas) {
        throw new Problem(
          "conflict",
          `${definition.kind} ${name} has ${String(before)} replicas, not ${options.currentReplicas}`,
        );
      }
      await api.patch(
        { resource: definition.resource, namespace, name, subresource: "scale" },
        { type: "merge", body: { spec: { replicas: options.replicas } } },
        { fieldManager: "orchctl" },
      );
      environment.out.write(`${nameOf(definition, current)} ${before === options.replicas ? "unchanged" : "scaled"}\n`);
      if (!options.wait) continue;
      const target = { definition, namespace, object: current };
      environment.err.write(`${await waitForRollout(connection, target, deadline, environment)}\n`);
    }
  });
}
