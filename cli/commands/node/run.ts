/** Cordon and join. */
import { toTime } from "#proto/kit/clock.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { fieldOf } from "../../printers/field-path.ts";

export interface DrainOptions {
  readonly gracePeriod?: number;
  readonly timeout: number;
  readonly force?: boolean;
  readonly deleteEmptydirData?: boolean;
  /** False: pods go before others are ready in their place. */
  readonly surge?: boolean;
  readonly podSelector?: string;
  readonly dryRun?: boolean;
}

export interface TokenOptions {
  readonly lifetime: number;
  readonly uses: number;
  readonly output?: string;
}

export async function setUnschedulable(
  nodes: readonly string[],
  unschedulable: boolean,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async ({ api }) => {
    for (const name of nodes) {
      const before = fieldOf(await api.get("nodes", "", name), "spec.unschedulable") === true;
      if (before !== unschedulable) {
        await api.patch(
          { resource: "nodes", namespace: "", name },
          { type: "merge", body: { spec: { unschedulable: unschedulable ? true : null } } },
          { fieldManager: "orchctl" },
        );
      }
      environment.out.write(
        `node/${name} ${before === unschedulable ? "already " : ""}${unschedulable ? "cordoned" : "uncordoned"}\n`,
      );
    }
  });
}

export async function printJoinCommand(
  options: TokenOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async ({ api }) => {
    const reply = await api.rpc.unary(
      apiService.createJoinToken,
      { lifetimeMs: options.lifetime, uses: options.uses, description: "orchctl node join" },
      { signal: environment.signal },
    );
    if (options.output === "json") {
      environment.out.write(
        `${JSON.stringify({ token: reply.token, joinCommand: reply.joinCommand, expiresAt: toTime(reply.expiresAtMs) }, undefined, 2)}\n`,
      );
      return;
    }
    environment.err.write(
      `Run this as root on the machine that shall join (good for ${options.uses === 1 ? "one machine" : `${options.uses} machines`}, until ${toTime(reply.expiresAtMs)}):\n\n`,
    );
    environment.out.write(`${reply.joinCommand}\n`);
  });
}
