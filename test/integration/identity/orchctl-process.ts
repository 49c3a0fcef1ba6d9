/** The real orchctl as a process of its own, with a context file. */
import { execFile } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../../cli/main.ts");

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export function orchctl(config: string, args: readonly string[], input = ""): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, ORCH_CONFIG: config, NO_COLOR: "1" };
    const command = ["--disable-warning=ExperimentalWarning", main, ...args];
    const child = execFile(process.execPath, command, { env, timeout: 60_000 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, out, err });
    });
    child.stdin?.end(input);
  });
}
