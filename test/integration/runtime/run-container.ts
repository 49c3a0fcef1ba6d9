/** One container of a pod of its own, from its creation to its removal: how it ended and what it wrote. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { blockOf } from "#node-agent/logs/log-blocks.ts";
import { LogText } from "#node-agent/logs/log-text.ts";
import { containerSpec, exited, sandboxSpec } from "#node-agent/runtime/container-runtime.contract.ts";
import type { ContainerObservation, ContainerSpec, SandboxSpec } from "#node-agent/runtime/container-runtime.ts";
import type { Machine } from "./machine.ts";

const signal = new AbortController().signal;

/** For the shell of the test image. */
export const sh = (script: string): readonly string[] => ["/bin/sh", "-c", script];

export interface Outcome extends ContainerObservation {
  readonly output: string;
}

export async function run(
  machine: Machine,
  changes: Partial<ContainerSpec>,
  sandboxChanges: Partial<SandboxSpec> = {},
  whileItRuns: (spec: ContainerSpec) => Promise<void> = async () => undefined,
): Promise<Outcome> {
  const sandbox = await machine.sandboxes.create(sandboxSpec(undefined, sandboxChanges));
  const spec = containerSpec(machine, sandbox, changes);
  await machine.runtime.create(spec, signal);
  await machine.runtime.start(spec.id);
  await whileItRuns(spec);
  await exited(machine.runtime, spec.id);
  const observation = await machine.runtime.inspect(spec.id);
  assert.ok(observation);
  const reader = new LogText({ sinceMs: undefined, timestamps: false, limitBytes: undefined });
  const output = reader
    .push(blockOf(await readFile(spec.logPath)))
    .toString()
    .trimEnd();
  await machine.runtime.remove(spec.id);
  await machine.sandboxes.remove(sandbox.podUid);
  return { ...observation, output };
}
