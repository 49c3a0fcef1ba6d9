/**
 * Whether a container's command exists, looked up as the kernel will: with an init process in front the runtime no longer notices. Says
 * no only when it is certain; what lies under a mount is left to the start itself.
 */
import { stat } from "node:fs/promises";
import { posix } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import type { OciConfig } from "./oci-types.ts";
import { walkInRoot } from "./rootfs-walk.ts";

/** Problem `invalid` when there is no such program in the image, or what has its name cannot be executed. */
export async function checkProgram(config: OciConfig): Promise<void> {
  const { args, env, cwd } = config.process;
  const name = args[0] ?? "";
  const mounted = new Set(config.mounts.map(({ destination }) => destination));
  let isFile = false;
  for (const candidate of candidates(name, cwd, env)) {
    const found = await walkInRoot(config.root.path, candidate, (path) => mounted.has(path));
    if (found === "stopped") return;
    const stats = found && (await stat(found.path).catch(() => undefined));
    if (!stats?.isFile()) continue;
    if ((stats.mode & 0o111) !== 0) return;
    isFile = true;
  }
  throw isFile ? notExecutable(name) : notFound(name, env);
}

function candidates(name: string, cwd: string, env: readonly string[]): readonly string[] {
  if (name.includes("/")) return [posix.resolve(cwd, name)];
  return pathOf(env)
    .split(":")
    .map((directory) => posix.resolve(cwd, directory, name));
}

/** `processEnv` sees to it that there is one. */
const pathOf = (env: readonly string[]): string => env.find((entry) => entry.startsWith("PATH="))?.slice(5) ?? "";

function notFound(name: string, env: readonly string[]): Problem {
  const where = name.includes("/") ? "" : ` on its PATH (${pathOf(env)})`;
  return new Problem("invalid", `there is no program ${JSON.stringify(name)} in the image${where}`, {
    hint: "check the container's command and args; a shell's words need a shell: command: [sh, -c, …]",
  });
}

function notExecutable(name: string): Problem {
  return new Problem("invalid", `${JSON.stringify(name)} in the image is not executable`, {
    hint: "set its executable bit when the image is built (chmod +x)",
  });
}
