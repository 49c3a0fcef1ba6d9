/** The file an editor opens: private to its user, with what to know as comments on top, kept when something goes wrong. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import type { Environment } from "../../environment.ts";
import { readBounded } from "../../manifests/read-sources.ts";
import { renderProblem } from "../../printers/problem.ts";

const headerEnd = "# ----";

export class EditedFile {
  readonly #title: string;
  readonly #environment: Environment;
  readonly #folder: string;
  readonly #path: string;
  #given = "";

  constructor(title: string, environment: Environment) {
    this.#title = title;
    this.#environment = environment;
    this.#folder = mkdtempSync(join(tmpdir(), "orchctl-edit-"));
    this.#path = join(this.#folder, `${title.replaceAll("/", "-")}.yaml`);
  }

  /** What the file says after the editor was left. */
  async edit(text: string, problem: Problem | undefined): Promise<string> {
    this.#given = headerOf(this.#title, problem) + text;
    writeFileSync(this.#path, this.#given, { mode: 0o600 });
    await this.#runEditor();
    return this.text();
  }

  text(): string {
    return readBounded(this.#path, this.#path);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The problem, saying where the text was left. */
  kept(thrown: unknown): unknown {
    if (!(thrown instanceof Problem)) return thrown;
    const { code, message, causes, object } = thrown;
    return new Problem(code, `${this.#title} was not changed: ${message}`, {
      ...(object !== undefined && { object }),
      causes,
      cause: thrown,
      hint: `your text is in ${this.#path}; send it with: orchctl replace -f ${this.#path}`,
    });
  }

  async #runEditor(): Promise<void> {
    const { variables, input } = this.#environment;
    const chosen = variables.ORCH_EDITOR || variables.VISUAL || variables.EDITOR;
    if (!chosen && !input.isTerminal)
      throw this.#unedited("there is no terminal to edit in, and EDITOR names no editor");
    const editor = chosen || "vi";
    const code = await new Promise<number | string>((resolve, reject) => {
      // By the shell, so that EDITOR may hold flags.
      const child = spawn("sh", ["-c", `${editor} "$1"`, "sh", this.#path], { stdio: "inherit" });
      child.on("error", reject);
      child.on("exit", (exit, signal) => resolve(exit ?? signal ?? 1));
    });
    this.#environment.signal.throwIfAborted();
    if (code === 0) return;
    const why = `the editor (${editor}) ended with ${code}`;
    throw this.text() === this.#given ? this.#unedited(why) : this.kept(new Problem("bad-request", why));
  }

  /** Nothing was written that would be worth keeping. */
  #unedited(why: string): Problem {
    this.remove();
    return new Problem("bad-request", `${this.#title} was not changed: ${why}`, {
      hint: "ORCH_EDITOR, VISUAL or EDITOR name the editor to use, as in: EDITOR=nano orchctl edit …",
    });
  }
}

function headerOf(title: string, problem: Problem | undefined): string {
  const lines = [
    `Edit ${title}. Save and leave to send it; leave without a change, or with an empty file, to change nothing.`,
    ...(problem ? ["", ...renderProblem(problem, false).trimEnd().split("\n")] : []),
  ];
  return `${lines.map((line) => `# ${line}`.trimEnd()).join("\n")}\n${headerEnd}\n`;
}

/** Without our lines on top; the user's own comments stay. */
export function withoutHeader(text: string): string {
  const end = text.indexOf(`${headerEnd}\n`);
  return end >= 0 &&
    text
      .slice(0, end)
      .split("\n")
      .every((line) => line === "" || line.startsWith("#"))
    ? text.slice(end + headerEnd.length + 1)
    : text;
}
