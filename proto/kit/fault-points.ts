/**
 * Named places where a process can be made to die, wait or fail, so that a test can walk through all of them. Off by default: then
 * a point is one call that returns undefined. Switched on by ORCH_FAULTS, which only main.ts files read.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { kill, pid } from "node:process";
import { type Clock, sleep } from "./clock.ts";
import type { Logger } from "./logger.ts";
import { Problem } from "./problem.ts";

/** The port. Each program has its own closed list of names. */
export interface FaultPoints<Name extends string> {
  /** Where the program is. Resolves after a wait, rejects for an error, never settles where the process is about to end. */
  at(name: Name): Promise<void> | undefined;
}

export const noFaults: FaultPoints<string> = { at: () => undefined };

export type FaultAction =
  /** SIGKILL to this very process. */
  | { readonly kind: "kill" }
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: "error"; readonly message: string };

export interface FaultRule<Name extends string> {
  readonly point: Name;
  readonly action: FaultAction;
  /** At which visit it strikes, counted from 1; "every" = at each. */
  readonly visit: number | "every";
}

export interface FaultDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends this process as kill -9 does. */
  readonly kill?: () => void;
}

const maxDelayMs = 10 * 60_000;
const maxRules = 64;

/**
 * What ORCH_FAULTS asks for: rules as `POINT=kill`, `POINT=delay:500` or `POINT=error:words`, with `@3` for the third visit or `@every`,
 * separated by commas; or `file:PATH` with one set of rules a line. Of a file each process takes the first line away as it starts, so that
 * the one started after it gets the next: a walk. Nothing set: `noFaults`.
 */
export function openFaultPoints<Name extends string>(
  text: string | undefined,
  names: readonly Name[],
  dependencies: FaultDependencies,
): FaultPoints<Name> {
  if (text === undefined || text === "") return noFaults;
  const line = text.startsWith("file:") ? takeFirstLine(text.slice("file:".length)) : text;
  const rules = parseFaultRules(line, names);
  if (rules.length === 0) return noFaults;
  dependencies.logger.warn({ faults: line }, "fault points are switched on: this process is under test");
  return new ArmedFaultPoints(rules, dependencies);
}

export function parseFaultRules<Name extends string>(text: string, names: readonly Name[]): readonly FaultRule<Name>[] {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  if (parts.length > maxRules) throw new Problem("bad-request", `ORCH_FAULTS has more than ${maxRules} rules`);
  return parts.map((part) => parseRule(part, names));
}

function parseRule<Name extends string>(text: string, names: readonly Name[]): FaultRule<Name> {
  const [, name = "", kind = "", detail, visit] = /^([^=]+)=([a-z]+)(?::([^@]*))?(?:@(\w+))?$/.exec(text) ?? [];
  const point = names.find((known) => known === name);
  if (point === undefined) {
    throw new Problem("bad-request", `ORCH_FAULTS: there is no fault point ${JSON.stringify(name || text)}`, {
      hint: `The points are ${names.join(", ")}.`,
    });
  }
  return { point, action: parseAction(text, kind, detail), visit: parseVisit(text, visit) };
}

function parseAction(text: string, kind: string, detail: string | undefined): FaultAction {
  if (kind === "kill" && detail === undefined) return { kind };
  if (kind === "error") return { kind, message: detail ?? "a fault was asked for here" };
  const delayMs = Number(detail);
  if (kind === "delay" && Number.isInteger(delayMs) && delayMs > 0 && delayMs <= maxDelayMs) return { kind, delayMs };
  throw new Problem("bad-request", `ORCH_FAULTS: ${JSON.stringify(text)} names no action`, {
    hint: "Write POINT=kill, POINT=delay:MILLISECONDS or POINT=error:WORDS, then @3 for the third visit or @every.",
  });
}

function parseVisit(text: string, visit: string | undefined): FaultRule<string>["visit"] {
  if (visit === undefined) return 1;
  if (visit === "every") return visit;
  const number = Number(visit);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Problem("bad-request", `ORCH_FAULTS: ${JSON.stringify(text)} says no visit after @: a number or "every"`);
}

class ArmedFaultPoints<Name extends string> implements FaultPoints<Name> {
  readonly #rules: readonly FaultRule<Name>[];
  readonly #dependencies: FaultDependencies;
  readonly #visits = new Map<Name, number>();

  constructor(rules: readonly FaultRule<Name>[], dependencies: FaultDependencies) {
    this.#rules = rules;
    this.#dependencies = dependencies;
  }

  at(name: Name): Promise<void> | undefined {
    const visits = (this.#visits.get(name) ?? 0) + 1;
    this.#visits.set(name, visits);
    const rule = this.#rules.find(({ point, visit }) => point === name && (visit === "every" || visit === visits));
    return rule && this.#strike(rule);
  }

  #strike({ point, action }: FaultRule<Name>): Promise<void> {
    const { clock, logger, kill: end = killSelf } = this.#dependencies;
    if (action.kind === "kill") {
      end();
      return new Promise(() => undefined);
    }
    logger.warn({ point, action: action.kind }, "a fault point strikes");
    if (action.kind === "delay") return sleep(clock, action.delayMs);
    return Promise.reject(new Problem("unavailable", `${action.message} (fault point ${point})`));
  }
}

function killSelf(): void {
  kill(pid, "SIGKILL");
}

/** Empty when the file has no more, or is gone: the walk is over. */
function takeFirstLine(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return "";
  }
  const [first = "", ...rest] = text.split("\n");
  writeFileSync(`${path}.tmp`, rest.join("\n"));
  renameSync(`${path}.tmp`, path);
  return first;
}
