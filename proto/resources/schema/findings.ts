/** Collects what is wrong with an object, as Kubernetes' causes, and what deserves a warning. Bounded against hostile input. */
import type { ProblemCause } from "../../kit/problem.ts";
import { formatPath, type Path } from "./field-path.ts";

export type CauseReason =
  | "FieldValueRequired"
  | "FieldValueInvalid"
  | "FieldValueTypeInvalid"
  | "FieldValueNotSupported"
  | "FieldValueNotFound"
  | "FieldValueDuplicate"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany";

const mostFindings = 100;

export class Findings {
  readonly causes: ProblemCause[] = [];
  readonly warnings: string[] = [];
  /** Set when a value has the wrong type or a required one is missing: rules that rely on types must not run. */
  misshapen = false;

  /** Nobody reads more: looking further is wasted. */
  get full(): boolean {
    return this.causes.length > mostFindings;
  }

  get warningsFull(): boolean {
    return this.warnings.length >= mostFindings;
  }

  add(path: Path, reason: CauseReason, message: string): void {
    if (this.causes.length === mostFindings) this.causes.push({ message: "and more problems, not listed" });
    if (this.full) return;
    this.causes.push({ path: formatPath(path), message, reason });
  }

  warn(message: string): void {
    if (!this.warningsFull) this.warnings.push(message);
  }

  required(path: Path, message = "is required"): void {
    this.add(path, "FieldValueRequired", message);
  }
  invalid(path: Path, message: string): void {
    this.add(path, "FieldValueInvalid", message);
  }
  forbidden(path: Path, message: string): void {
    this.add(path, "FieldValueForbidden", message);
  }
  duplicate(path: Path, value: string): void {
    this.add(path, "FieldValueDuplicate", `${quote(value)} is there already`);
  }
  /** Adds a cause when `problem` is a sentence: the shape of the name rules. */
  check(path: Path, problem: string | undefined): void {
    if (problem !== undefined) this.invalid(path, problem);
  }
}

/** A value in a sentence, cut where it would drown the sentence. */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\``;
}
