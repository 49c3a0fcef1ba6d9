/** Sets spec.replicas through the scale subresource. */
import { Problem } from "#proto/kit/problem.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { fieldOf } from "../../printers/field-path.ts";
import { nameOf } from "../../printers/objects.ts";
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
      const target = { resource: definition.resource, namespace, name, subresource: "scale" };
      await api.patch(
        target,
        { type: "merge", body: { spec: { replicas: options.replicas } } },
        { fieldManager: "orchctl" },
      );
      environment.out.write(`${nameOf(definition, current)} ${before === options.replicas ? "unchanged" : "scaled"}\n`);
      if (options.wait)
        await waitForRollout(connection, { definition, namespace, object: current }, options.timeout, environment);
    }
  });
}
