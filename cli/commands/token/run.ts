/** Makes, shows and revokes join tokens. */
import { toTime } from "#proto/kit/clock.ts";
import type { JoinTokenSummary } from "#proto/resources/administration.ts";
import { administrationService } from "#proto/wire/generated/services/administration.ts";
import { apiService } from "#proto/wire/generated/services/cluster.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { jsonOf } from "../../printers/json.ts";
import { renderTable } from "../../printers/table.ts";
import { ask } from "../administration.ts";

export interface CreateFlags {
  readonly ttl: number;
  readonly uses: number;
  readonly description: string;
  readonly output?: string;
}

export async function listTokens(
  output: string | undefined,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const tokens = await ask<readonly JoinTokenSummary[]>(
    (rpc, options) => rpc.unary(administrationService.listJoinTokens, {}, options),
    global,
    environment,
  );
  environment.out.write(output === "json" ? jsonOf(tokens) : renderTokens(tokens));
}

/** Pure. */
export function renderTokens(tokens: readonly JoinTokenSummary[]): string {
  if (tokens.length === 0) return "There are no join tokens: orchctl node join makes one.\n";
  const rows = tokens.map((one) => [
    one.id,
    one.state,
    `${one.usedBy.length} of ${one.uses}`,
    one.expiresAt.slice(0, 16).replace("T", " "),
    one.createdBy,
    one.usedBy.slice(0, 5).join(",") + (one.usedBy.length > 5 ? ",…" : ""),
    one.description,
  ]);
  return renderTable(["ID", "STATE", "USED", "EXPIRES", "CREATED BY", "NODES", "DESCRIPTION"], rows);
}

export async function createToken(flags: CreateFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  await withConnection(global, environment, async ({ api }) => {
    const request = { lifetimeMs: flags.ttl, uses: flags.uses, description: flags.description };
    const { token, expiresAtMs } = await api.rpc.unary(apiService.createJoinToken, request, {
      signal: environment.signal,
    });
    const expiresAt = toTime(expiresAtMs);
    if (flags.output === "json") {
      environment.out.write(jsonOf({ token, uses: flags.uses, expiresAt }));
      return;
    }
    environment.err.write(
      `Good for ${flags.uses === 1 ? "one machine" : `${flags.uses} machines`}, until ${expiresAt}:\n`,
    );
    environment.out.write(`${token}\n`);
  });
}

export async function revokeTokens(
  ids: readonly string[],
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  for (const id of ids) {
    await ask((rpc, options) => rpc.unary(administrationService.revokeJoinToken, { id }, options), global, environment);
    environment.out.write(`token ${id} revoked\n`);
  }
}
