/** Programs that keep credentials in a keychain: `docker-credential-NAME get|store|erase` (docker-credential-helpers). */
import { spawn } from "node:child_process";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Environment } from "../environment.ts";
import type { StoredCredentials } from "./docker-config.ts";

type World = Pick<Environment, "variables" | "signal">;

const timeoutMs = 60_000; // it may ask the person to unlock a keychain
const maxOutputBytes = 1024 * 1024;
const notFound = /credentials not found/i;

export async function helperGet(name: string, server: string, world: World): Promise<StoredCredentials | undefined> {
  const { code, output } = await run(name, "get", server, world);
  if (code !== 0) {
    if (notFound.test(output)) return undefined;
    throw failed(name, output);
  }
  const { Username, Secret } = parse(output, name);
  if (typeof Username !== "string" || typeof Secret !== "string") throw failed(name, "it gave no Username and Secret");
  return Username === "<token>"
    ? { username: Username, password: "", identityToken: Secret }
    : { username: Username, password: Secret };
}

export async function helperStore(
  name: string,
  server: string,
  credentials: StoredCredentials,
  world: World,
): Promise<void> {
  const { username, password } = credentials;
  const input = JSON.stringify({ ServerURL: server, Username: username, Secret: password });
  const { code, output } = await run(name, "store", input, world);
  if (code !== 0) throw failed(name, output);
}

export async function helperErase(name: string, server: string, world: World): Promise<void> {
  const { code, output } = await run(name, "erase", server, world);
  if (code !== 0 && !notFound.test(output)) throw failed(name, output);
}

function run(
  name: string,
  verb: string,
  input: string,
  { variables, signal }: World,
): Promise<{ readonly code: number; readonly output: string }> {
  const program = `docker-credential-${name}`;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [verb], {
      env: { ...variables },
      stdio: ["pipe", "pipe", "ignore"],
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxOutputBytes) chunks.push(chunk);
      else child.kill("SIGKILL");
    });
    child.stdin.on("error", () => undefined); // it may end without reading
    child.on("error", (thrown) => {
      if (errnoOf(thrown) !== "ENOENT") return reject(failed(name, Problem.from(thrown).message));
      const hint = "install it, or take credsStore or credHelpers out of docker's config.json";
      reject(new Problem("not-found", `the credential helper ${program} is not installed`, { hint }));
    });
    child.on("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString("utf8").trim() }));
    child.stdin.end(input);
  });
}

function parse(output: string, name: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(output) as Readonly<Record<string, unknown>>;
  } catch {
    throw failed(name, "its answer is no JSON");
  }
}

/** The helper's own words: without anything a terminal would obey. */
function failed(name: string, said: string): Problem {
  const words = said.replaceAll(/[\p{Cc}\p{Cf}]/gu, " ").slice(0, 200);
  return new Problem("unavailable", `the credential helper docker-credential-${name} failed: ${words}`);
}
