/** Cordon and join. */
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { getCondition } from "#proto/resources/conditions.ts";
import type { Node } from "#proto/resources/node.ts";
import { apiService } from "#proto/wire/generated/services/cluster.ts";
import type { DryRun } from "../../changes/flags.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { fieldOf } from "../../printers/field-path.ts";
import { joinArguments } from "./join-arguments.ts";

export interface DrainOptions {
  readonly gracePeriod?: number;
  readonly timeout: number;
  readonly force?: boolean;
  readonly deleteEmptydirData?: boolean;
  /** False: pods go before others are ready in their place. */
  readonly surge?: boolean;
  readonly podSelector?: string;
  readonly dryRun?: DryRun;
}

export interface TokenOptions {
  readonly lifetime: number;
  readonly uses: number;
  readonly label: readonly string[];
  readonly taint: readonly string[];
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
  const more = joinArguments(options)
    .map((argument) => ` ${shellWord(argument)}`)
    .join("");
  await withConnection(global, environment, async ({ api }) => {
    const reply = await api.rpc.unary(
      apiService.createJoinToken,
      { lifetimeMs: options.lifetime, uses: options.uses, description: "orchctl node join" },
      { signal: environment.signal },
    );
    if (options.output === "json") {
      environment.out.write(
        `${JSON.stringify({ token: reply.token, joinCommand: `${reply.joinCommand}${more}`, expiresAt: toTime(reply.expiresAtMs) }, undefined, 2)}\n`,
      );
      return;
    }
    environment.err.write(
      `Run this as root on the machine that shall join (good for ${options.uses === 1 ? "one machine" : `${options.uses} machines`}, until ${toTime(reply.expiresAtMs)}):\n\n`,
    );
    environment.out.write(`${reply.joinCommand}${more}\n`);
  });
}

/** Quoted for a shell when it must be. */
const shellWord = (text: string): string => (/^[-\w=:./,]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** A machine that is heard of would make its Node again: it has to leave by itself. */
export async function removeNode(name: string, global: GlobalOptions, environment: Environment): Promise<void> {
  await withConnection(global, environment, async ({ api }) => {
    const node = (await api.get("nodes", "", name)) as unknown as Node;
    if (getCondition(node.status?.conditions, "Ready")?.status === "True") {
      throw new Problem("conflict", `the machine of node ${name} works: it leaves by itself`, {
        hint: `run on it, as root: systemctl disable --now orch-node-agent && orch-node-agent leave   (a local cluster's: orchctl cluster remove-node ${name})`,
      });
    }
    await api.delete({ resource: "nodes", namespace: "", name, preconditionUid: node.metadata.uid ?? "" });
  });
  environment.out.write(`node/${name} removed; its pods are started elsewhere\n`);
}
