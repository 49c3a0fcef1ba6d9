/** exec: exit code 0 is success; its output, cut short, is the message. */
import type { Readable } from "node:stream";
import type { ContainerRuntime } from "../runtime/container-runtime.ts";
import type { ProbeAnswer, ProbeTarget } from "./runner.ts";

const maxOutputBytes = 10 * 1024;

export async function runExec(
  runtime: ContainerRuntime,
  target: ProbeTarget,
  command: readonly string[],
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const session = await runtime.exec(target.containerId, { command, stdin: false, terminal: false }, signal);
  const onAbort = (): void => session.kill();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const output = collect(session.stdio);
    const errors = collect(session.stderr);
    const exitCode = await Promise.race([session.exitCode, aborted(signal)]);
    const text = `${output()}${errors()}`.slice(0, maxOutputBytes).trim();
    return { ok: exitCode === 0, message: text === "" ? `command exited with code ${exitCode}` : text };
  } finally {
    signal.removeEventListener("abort", onAbort);
    session.stdio.destroy();
    session.stderr.destroy();
  }
}

/** Keeps the beginning, drains the rest. */
function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => {
    if (bytes < maxOutputBytes) chunks.push(chunk);
    bytes += chunk.length;
  });
  stream.on("error", () => undefined);
  return () => Buffer.concat(chunks).toString("utf8");
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
