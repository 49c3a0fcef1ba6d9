/** `top POD` as Docker has it: the processes of a pod's containers. */
import type { ProcessDetails } from "#proto/resources/container-request.ts";
import { formatAge } from "#proto/resources/duration.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { bytesText } from "../../printers/bytes.ts";
import { jsonOf } from "../../printers/json.ts";
import { renderTable } from "../../printers/table.ts";
import { askContainer } from "../ask-container.ts";
import { containerOf, podOf } from "../pod-of.ts";

export interface ProcessFlags {
  readonly container?: string;
  readonly headers: boolean;
  readonly output?: string;
}

export async function topProcesses(
  word: string,
  flags: ProcessFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const { out, clock } = environment;
  await withConnection(global, environment, async (connection) => {
    const pod = await podOf(connection, word);
    const container = flags.container === undefined ? "" : containerOf(pod, flags.container);
    const { processes } = await askContainer<{ readonly processes: readonly ProcessDetails[] }>(
      ...([connection, pod, container, { verb: "processes" }, environment] as const),
    );
    if (flags.output === "json") {
      out.write(jsonOf({ pod: pod.metadata.name, processes }));
      return;
    }
    const nowMs = clock.nowMs();
    const rows = processes.map((one) => [
      one.container,
      String(one.uid),
      String(one.pid),
      String(one.parentPid),
      String(one.hostPid),
      one.state,
      cpuText(one.cpuMs),
      bytesText(one.memoryBytes),
      formatAge(one.startedAt, nowMs),
      one.command,
    ]);
    const names = ["CONTAINER", "UID", "PID", "PPID", "HOST PID", "STATE", "CPU TIME", "MEMORY", "AGE", "COMMAND"];
    out.write(renderTable(names, rows, { headers: flags.headers }));
  });
}

const cpuText = (ms: number): string => {
  const seconds = ms / 1000;
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - minutes * 60).toFixed(2).padStart(5, "0")}`;
};
