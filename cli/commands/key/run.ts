/** Replaces the key that seals Secrets and shows how far it has come. */
import { sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { SealingKeyStatus } from "#proto/resources/administration.ts";
import { administrationService } from "#proto/wire/generated/services.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { jsonOf } from "../../printers/json.ts";
import { renderTable } from "../../printers/table.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { ask } from "../administration.ts";

export interface StatusFlags {
  readonly output?: string;
}

export interface RotateFlags {
  readonly finish?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

const lookAgainMs = 1000;
const finishTimeoutMs = 30_000;
const maxShown = 10;

function readStatus(global: GlobalOptions, environment: Environment): Promise<SealingKeyStatus> {
  return ask((rpc, options) => rpc.unary(administrationService.sealingKeyStatus, {}, options), global, environment);
}

export async function printStatus(flags: StatusFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  const status = await readStatus(global, environment);
  environment.out.write(flags.output === "json" ? jsonOf(status) : renderSealingKey(status));
}

/** Pure. */
export function renderSealingKey(status: SealingKeyStatus): string {
  const { active, rotation, sealed, underOtherKeys, controlPlanes, retired } = status;
  const facts = [
    ["Sealing key", active],
    ...(rotation
      ? [
          ["Replaces", `${rotation.from}, since ${minute(rotation.startedAt)}, by ${rotation.startedBy}`],
          ["State", progressOf(status)],
        ]
      : []),
    ...sealed.map(({ keyId, count }) => [`Sealed with ${keyId}`, String(count)]),
    ...retired.map(({ id, retiredAt }) => ["Dropped", `${id}, ${minute(retiredAt)}`]),
  ];
  const rows = controlPlanes.map(({ name, address, keys, trouble = "" }) => [name, address, keys.join(","), trouble]);
  const table = renderTable(["CONTROL PLANE", "ADDRESS", "KEYS IN ITS FILE", ""], rows);
  return `${renderTable(["", ""], facts, { headers: false })}\n${table}${leftOver(sealed, active, underOtherKeys)}`;
}

function leftOver(sealed: SealingKeyStatus["sealed"], active: string, named: readonly string[]): string {
  if (named.length === 0) return "";
  const count = sealed.reduce((sum, one) => sum + (one.keyId === active ? 0 : one.count), 0);
  const more = count > maxShown ? `  and ${count - Math.min(named.length, maxShown)} more\n` : "";
  const lines = named.slice(0, maxShown).map((one) => `  ${one}\n`);
  return `\nStill sealed with another key:\n${lines.join("")}${more}`;
}

/** One sentence, for the screen and while waiting. Pure. */
export function progressOf({ rotation, sealed, active, controlPlanes }: SealingKeyStatus): string {
  if (!rotation) return `everything is sealed with key ${active}`;
  const { phase, to } = rotation;
  if (phase === "handing out") {
    const missing = controlPlanes.filter(({ keys }) => !keys.includes(to));
    const trouble = missing.find((one) => one.trouble !== undefined)?.trouble;
    const who = missing.map(({ name }) => name).join(", ");
    if (missing.length === 0) return `key ${to} is with all control planes`;
    return `handing key ${to} out: ${who} ${missing.length === 1 ? "does" : "do"} not have it yet${trouble ? ` (${trouble})` : ""}`;
  }
  const total = sealed.reduce((sum, { count }) => sum + count, 0);
  const done = sealed.find(({ keyId }) => keyId === active)?.count ?? 0;
  if (phase === "rewritten")
    return `all ${total} are sealed with key ${to}; the old key is kept: orchctl cluster key finish`;
  return `${done} of ${total} are sealed with key ${to}`;
}

const minute = (instant: string): string => instant.slice(0, 16).replace("T", " ");

export async function rotate(flags: RotateFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  if (flags.finish && !flags.wait) throw new Problem("bad-request", "--finish waits; it cannot go with --no-wait");
  let status = await readStatus(global, environment);
  const phase = status.rotation?.phase;
  if (phase !== undefined && (phase !== "rewritten" || flags.finish)) {
    environment.err.write("The key is being replaced already.\n");
  } else {
    status = await ask(
      (rpc, options) => rpc.unary(administrationService.rotateSealingKey, {}, options),
      global,
      environment,
    );
    environment.err.write(`Key ${status.rotation?.to} replaces ${status.rotation?.from}.\n`);
  }
  if (flags.wait) status = await waitUntilRewritten(flags.timeout, global, environment);
  if (flags.finish) {
    await finish(global, environment);
    status = await readStatus(global, environment);
  }
  environment.out.write(renderSealingKey(status));
}

async function waitUntilRewritten(
  timeoutMs: number,
  global: GlobalOptions,
  environment: Environment,
): Promise<SealingKeyStatus> {
  const deadline = startDeadline(environment.clock, timeoutMs);
  let told = "";
  while (true) {
    const status = await readStatus(global, environment);
    const progress = progressOf(status);
    if (progress !== told) environment.err.write(`${progress}\n`);
    told = progress;
    if (!status.rotation || status.rotation.phase === "rewritten") return status;
    if (deadline.remainingMs() <= 1) {
      throw new Problem("timeout", `not done in time: ${progress}`, {
        hint: "it goes on by itself: look with orchctl cluster key status",
      });
    }
    await sleep(environment.clock, lookAgainMs, environment.signal);
  }
}

/** The others hear of it a moment later than the one that was asked. */
async function waitUntilGone(keyId: string, global: GlobalOptions, environment: Environment): Promise<void> {
  const deadline = startDeadline(environment.clock, finishTimeoutMs);
  while (true) {
    const { controlPlanes } = await readStatus(global, environment);
    const holders = controlPlanes.filter(({ keys }) => keys.includes(keyId));
    if (holders.length === 0) return;
    if (deadline.remainingMs() <= 1) {
      const [first] = holders;
      throw new Problem(
        "timeout",
        `key ${keyId} is dropped, but still in the file of ${holders.map(({ name }) => name).join(", ")}`,
        {
          hint: first?.trouble ?? "Look again with orchctl cluster key status.",
        },
      );
    }
    await sleep(environment.clock, 200, environment.signal);
  }
}

export async function finish(global: GlobalOptions, environment: Environment): Promise<void> {
  const before = await readStatus(global, environment);
  if (!before.rotation) {
    environment.out.write("There is no old key to drop.\n");
    return;
  }
  await ask(
    (rpc, options) => rpc.unary(administrationService.finishSealingKeyRotation, {}, options),
    global,
    environment,
  );
  await waitUntilGone(before.rotation.from, global, environment);
  environment.out.write(`Key ${before.rotation.from} is dropped from all key files.\n`);
}
