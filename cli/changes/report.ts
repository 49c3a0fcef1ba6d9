/** Says of each object what became of it, or prints the objects as `-o` asks. */
import { Problem } from "#proto/kit/problem.ts";
import type { CatalogEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ValidationMode } from "#proto/resources/registry.ts";
import type { WriteAnswer, WriteQuery } from "../client/api-client.ts";
import type { Environment } from "../environment.ts";
import { nameOf, type ObjectPrinter, plainPrinter } from "../printers/objects.ts";
import { printProblem } from "../printers/problem.ts";
import { visible } from "../printers/table.ts";
import type { ChangeFlags } from "./flags.ts";
import type { Chosen } from "./select.ts";

export const dryRunText = { none: "", server: " (server dry run)", client: " (client dry run)" } as const;

/** kubectl's true and false are strict and ignore. */
export const validationOf = (text: ValidationMode | "true" | "false"): ValidationMode =>
  text === "true" ? "strict" : text === "false" ? "ignore" : text;

export const writeQuery = ({ dryRun, fieldManager }: ChangeFlags): WriteQuery => ({
  dryRun: dryRun === "server",
  fieldManager,
});

export class Report {
  readonly #flags: ChangeFlags;
  readonly #environment: Environment;
  readonly #printer: ObjectPrinter | undefined;
  readonly #changed: { readonly definition: CatalogEntry; readonly object: KubeObject }[] = [];

  private constructor(flags: ChangeFlags, printer: ObjectPrinter | undefined, environment: Environment) {
    this.#flags = flags;
    this.#printer = printer;
    this.#environment = environment;
  }

  /** Reads `-o` first: what is wrong with it is said before anything changes. */
  static async open(flags: ChangeFlags, environment: Environment): Promise<Report> {
    return new Report(
      flags,
      flags.output === undefined ? undefined : await plainPrinter(flags.output, environment),
      environment,
    );
  }

  /** `done` as `labeled`; an answer that says `unchanged` is said so. */
  add(definition: CatalogEntry, answer: Pick<WriteAnswer, "object" | "warnings" | "outcome">, done: string): void {
    for (const warning of answer.warnings) this.#environment.err.write(`warning: ${visible(warning)}\n`);
    this.#changed.push({ definition, object: answer.object });
    if (this.#printer) return;
    const what = answer.outcome === "unchanged" ? "unchanged" : done;
    this.#environment.out.write(
      `${nameOf(definition, answer.object)} ${what}${dryRunText[this.#flags.dryRun ?? "none"]}\n`,
    );
  }

  /** Prints what was gathered for `-o`. */
  close(): void {
    if (!this.#printer || this.#changed.length === 0) return;
    const found = this.#changed.map(({ definition, object }) => ({ definition, items: [object] }));
    this.#environment.out.write(this.#printer.print(found, { single: this.#changed.length === 1 }));
  }
}

/** What says nothing about the objects after it. */
const isOfOneObject = ({ code }: Problem): boolean =>
  !["unavailable", "timeout", "unauthenticated", "canceled"].includes(code);

/** One after the other; a failure of one is told and the others still have their turn. `verb` as `labeled`. */
export async function eachInTurn<T>(
  { found, missing }: Chosen<T>,
  verb: string,
  environment: Environment,
  change: (one: T) => Promise<void>,
): Promise<void> {
  const count = found.length + missing.length;
  const problems: Problem[] = [];
  const tell = (problem: Problem): void => {
    if (count === 1) throw problem;
    problems.push(problem);
    printProblem(problem, environment);
  };
  if (count === 0) environment.err.write("Nothing matches.\n");
  for (const one of found) {
    try {
      await change(one);
    } catch (thrown) {
      if (!(thrown instanceof Problem) || !isOfOneObject(thrown)) throw thrown;
      tell(thrown);
    }
  }
  for (const problem of missing) tell(problem);
  const [first] = problems;
  if (first) throw new Problem(first.code, `${problems.length} of ${count} could not be ${verb}`);
}
