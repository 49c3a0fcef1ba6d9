/** A real terminal that nobody sits at: a tmux server of its own, driven by keys and read off its screen. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, must } from "./programs.ts";

export class Tmux {
  readonly #folder = mkdtempSync(join(tmpdir(), "orch-tmux-"));

  static async start(
    command: string,
    size: { readonly columns: number; readonly rows: number },
    variables: Readonly<Record<string, string>>,
  ): Promise<Tmux> {
    const tmux = new Tmux();
    const told = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const window = ["-x", String(size.columns), "-y", String(size.rows), ...told];
    await tmux.#run(["-f", "/dev/null", "new-session", "-d", ...window, `${command}; echo "left with $?"; exec cat`]);
    return tmux;
  }

  /** Text as typed, or names of keys such as Enter and C-c. */
  async keys(...keys: readonly string[]): Promise<void> {
    await this.#run(["send-keys", ...keys]);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#run(["resize-window", "-x", String(columns), "-y", String(rows)]);
  }

  screen(): Promise<string> {
    return this.#run(["capture-pane", "-p"]);
  }

  async shows(pattern: RegExp, timeoutMs = 30_000): Promise<string> {
    let last = "";
    try {
      return await eventually(
        String(pattern),
        async () => {
          last = await this.screen();
          return pattern.test(last) ? last : undefined;
        },
        timeoutMs,
      );
    } catch (thrown) {
      throw new Error(`${pattern} is not on the screen:\n${last}`, { cause: thrown });
    }
  }

  async stop(): Promise<void> {
    await this.#run(["kill-server"]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(args: readonly string[]): Promise<string> {
    return must("tmux", ["-S", join(this.#folder, "socket"), ...args]);
  }
}
