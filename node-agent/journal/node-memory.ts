/** What the node was last told about itself, so that it can work before, or without, a session: its addresses and the cluster's settings. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";
import { type ClusterSettings, defaultClusterSettings } from "#proto/resources/cluster-settings.ts";
import { writeFileAtomic } from "../host/files.ts";

export interface NodeMemory {
  readonly podCidr: string;
  readonly settings: ClusterSettings;
}

const fileName = "node.json";

/** undefined when nothing was told yet, or what is there cannot be read: the next welcome says it again. */
export async function loadNodeMemory(directory: string): Promise<NodeMemory | undefined> {
  try {
    return parseNodeMemory(await readFile(join(directory, fileName), "utf8"));
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

export async function saveNodeMemory(directory: string, memory: NodeMemory): Promise<void> {
  await writeFileAtomic(join(directory, fileName), JSON.stringify(memory));
}

function parseNodeMemory(text: string): NodeMemory | undefined {
  const value = JSON.parse(text) as Partial<NodeMemory> | null;
  if (typeof value?.podCidr !== "string" || typeof value.settings !== "object") return undefined;
  return { podCidr: value.podCidr, settings: { ...defaultClusterSettings, ...value.settings } };
}
