/** Options that every write has, checked. */
import { Problem } from "#proto/kit/problem.ts";
import type { ValidationMode } from "#proto/resources/registry.ts";

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly mode: ValidationMode;
}

interface Given {
  readonly dryRun?: boolean | null;
  readonly fieldManager?: string | null;
  readonly validation?: string | null;
}

const maxManagerLength = 128;

export function readWriteOptions(given: Given | null | undefined): WriteOptions {
  const fieldManager = given?.fieldManager || "unknown";
  if (fieldManager.length > maxManagerLength || !/^[\x20-\x7e]+$/.test(fieldManager)) {
    throw new Problem("bad-request", `a field manager's name is at most ${maxManagerLength} printable characters`);
  }
  return { dryRun: given?.dryRun ?? false, fieldManager, mode: readMode(given?.validation ?? "") };
}

function readMode(text: string): ValidationMode {
  if (text === "") return "strict";
  if (text === "strict" || text === "warn" || text === "ignore") return text;
  throw new Problem("bad-request", `validation is "strict", "warn" or "ignore", not "${text.slice(0, 40)}"`);
}
