/** Replaces the cluster's authority and shows how far it has come. */
import { sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { AuthorityHolder, AuthorityStatus } from "#proto/resources/administration.ts";
import { administrationService } from "#proto/wire/generated/services/administration.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { exitCodes } from "../../exit-codes.ts";
import { jsonOf } from "../../printers/json.ts";
import { renderTable } from "../../printers/table.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { ask } from "../administration.ts";
import { renewContext } from "../config/renew.ts";

export interface StatusFlags {
  readonly output?: string;
}

export interface RotateFlags {
  readonly window: number;
  readonly wait: boolean;
  readonly timeout: number;
}

export interface FinishFlags {
  readonly force?: boolean;
}

const lookAgainMs = 1000;

function readStatus(global: GlobalOptions, environment: Environment): Promise<AuthorityStatus> {
  return ask((rpc, options) => rpc.unary(administrationService.authorityStatus, {}, options), global, environment);
}

export async function printStatus(flags: StatusFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  const status = await readStatus(global, environment);
  environment.out.write(flags.output === "json" ? jsonOf(status) : renderAuthority(status));
}

/** Pure. */
export function renderAuthority(status: AuthorityStatus): string {
  const { rotation, holders, former } = status;
  const facts = [
    ["Authority", `number ${status.generation}, ${status.digest.slice(0, 16)}, good until ${day(status.expiresAt)}`],
    ...(rotation
      ? [
          [
            "Replaces",
            `${rotation.previousDigest.slice(0, 16)}, since ${minute(rotation.startedAt)}, by ${rotation.startedBy}`,
          ],
          ["Old trusted", `until ${minute(rotation.endsAt)}, or orchctl cluster ca finish`],
        ]
      : []),
    ...former.map((one) => [
      "Dropped",
      `${one.digest.slice(0, 16)}; its nodes find back until ${day(one.returnUntil)}`,
    ]),
  ];
  const order = { waiting: 0, forgetting: 1, renewed: 2 };
  const rows = [...holders]
    .sort((a, b) => order[a.state] - order[b.state])
    .map((one) => [one.kind, one.name, sentenceOf(one), one.expiresAt === undefined ? "" : minute(one.expiresAt)]);
  const table = rows.length === 0 ? "" : `\n${renderTable(["KIND", "WHO", "STATE", "EXPIRES"], rows)}`;
  return `${renderTable(["", ""], facts, { headers: false })}${table}`;
}

function sentenceOf({ kind, state, isConnected }: AuthorityHolder): string {
  if (state === "renewed") return "has a certificate of this authority";
  if (state === "forgetting") return "has a certificate of this authority, and still trusts the old one";
  if (kind === "person") return "not yet: orchctl config renew";
  return isConnected ? "not yet: connected, being renewed" : "not yet: not connected; renewed when it comes back";
}

const day = (instant: string): string => instant.slice(0, 10);
const minute = (instant: string): string => instant.slice(0, 16).replace("T", " ");

export async function rotate(flags: RotateFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  const before = await readStatus(global, environment);
  if (!before.rotation) {
    await ask(
      (rpc, options) => rpc.unary(administrationService.rotateAuthority, { windowMs: flags.window }, options),
      global,
      environment,
    );
    environment.err.write(
      `Authority number ${before.generation + 1} signs from now on; the old one is trusted beside it.\n`,
    );
  } else environment.err.write("The authority is being replaced already; waiting.\n");
  await renewContext(undefined, global, environment);
  if (flags.wait) await waitForNodes(flags.timeout, global, environment);
  const now = await readStatus(global, environment);
  environment.out.write(renderAuthority(now));
  const waiting = now.holders.filter(({ state }) => state === "waiting");
  if (waiting.length === 0)
    environment.out.write("\nAll are there. Drop the old authority: orchctl cluster ca finish\n");
  else if (flags.wait) environment.setExitCode(exitCodes.failed);
}

/** Until every node that is connected has its new certificate: the others cannot be waited for. */
async function waitForNodes(timeoutMs: number, global: GlobalOptions, environment: Environment): Promise<void> {
  const deadline = startDeadline(environment.clock, timeoutMs);
  let told = "";
  while (true) {
    const { holders } = await readStatus(global, environment);
    const nodes = holders.filter(({ kind }) => kind === "node");
    const missing = nodes.filter(({ state }) => state === "waiting");
    const progress = `${nodes.length - missing.length} of ${nodes.length} nodes have a certificate of the new authority`;
    if (progress !== told) environment.err.write(`${progress}\n`);
    told = progress;
    if (!missing.some(({ isConnected }) => isConnected)) return;
    if (deadline.remainingMs() <= 1) {
      throw new Problem("timeout", `${missing.map(({ name }) => name).join(", ")} did not renew in time`, {
        hint: "it goes on by itself: look with orchctl cluster ca status",
      });
    }
    await sleep(environment.clock, lookAgainMs, environment.signal);
  }
}

export async function finish(flags: FinishFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  const before = await readStatus(global, environment);
  if (!before.rotation) {
    environment.out.write("There is no old authority to drop.\n");
    return;
  }
  await ask(
    (rpc, options) =>
      rpc.unary(administrationService.finishAuthorityRotation, { force: flags.force === true }, options),
    global,
    environment,
  );
  await renewContext(undefined, global, environment);
  environment.out.write("The old authority is trusted no more.\n");
}
