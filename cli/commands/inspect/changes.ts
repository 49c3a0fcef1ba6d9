/** Docker's diff: lines as they come from the node. */
import type { ChangedPath } from "#proto/resources/container-request.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { jsonOf } from "../../printers/json.ts";
import { visible } from "../../printers/table.ts";
import { askContainer } from "../ask-container.ts";
import { containerOf, podOf } from "../pod-of.ts";

export interface ChangesFlags {
  readonly container?: string;
  readonly output?: string;
}

export async function runChanges(
  word: string,
  flags: ChangesFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const { out } = environment;
  await withConnection(global, environment, async (connection) => {
    const pod = await podOf(connection, word);
    const changes: ChangedPath[] = [];
    const lines = new Lines((line) => {
      const change = JSON.parse(line) as ChangedPath;
      if (flags.output === "json") changes.push(change);
      else out.write(`${change.kind} ${visible(change.path)}\n`);
    });
    const container = containerOf(pod, flags.container);
    await askContainer(connection, pod, container, { verb: "changes" }, environment, async (bytes) => {
      lines.take(bytes);
      await out.drained();
    });
    if (flags.output === "json") out.write(jsonOf({ pod: pod.metadata.name, container, changes }));
  });
}

/** Cuts bytes into lines, wherever they were cut on their way. */
class Lines {
  readonly #take: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #rest = "";

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  take(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line);
  }
}
