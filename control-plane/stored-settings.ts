/** The settings a cluster was made with: kept in the store, the same for every control plane and every later start. */
import { Problem, type ProblemCause } from "#proto/kit/problem.ts";
import type { ClusterSettings } from "#proto/resources/cluster-settings.ts";
import { clusterKey } from "./store/keyspace.ts";
import type { Kv } from "./store/kv.ts";

/** Every object refers to these, so they cannot change later. */
export type FixedSettings = Pick<ClusterSettings, "podCidr" | "serviceCidr" | "clusterDomain" | "nodeMaskBits">;

/** Raised when data is stored in a way that an older control plane would misread. */
const format = 1;

interface Stored extends FixedSettings {
  readonly format: number;
}

/**
 * `settings` with the fixed ones as the cluster was made. Throws Problem `conflict` when `asked` (given explicitly) differs,
 * `unsupported` when the data was written by a newer version.
 */
export async function settleSettings(
  kv: Kv,
  settings: ClusterSettings,
  asked: Partial<FixedSettings>,
  signal?: AbortSignal,
): Promise<ClusterSettings> {
  const { podCidr, serviceCidr, clusterDomain, nodeMaskBits } = settings;
  const mine: Stored = { format, podCidr, serviceCidr, clusterDomain, nodeMaskBits };
  const key = clusterKey("settings");
  const value = Buffer.from(JSON.stringify(mine));
  const { outcomes } = await kv.transact([{ kind: "put", key, value, guard: 0 }], undefined, signal);
  const [outcome] = outcomes;
  const current = outcome && !outcome.ok ? outcome.current : undefined;
  const stored = current ? (JSON.parse(Buffer.from(current.value).toString("utf8")) as Stored) : mine;
  if (stored.format > format) {
    throw new Problem("unsupported", "the cluster's data was written by a newer version of the control plane", {
      hint: "Start that version again; going back needs a backup from before the upgrade.",
    });
  }
  const causes = Object.entries(asked).flatMap(([name, wanted]): readonly ProblemCause[] => {
    const is = stored[name as keyof FixedSettings];
    return wanted === undefined || wanted === is
      ? []
      : [{ path: flagOf(name), message: `is ${is} since the cluster was made` }];
  });
  if (causes.length > 0) {
    const hint = "Leave the flag out; another value needs another cluster.";
    throw new Problem("conflict", "some settings are fixed when a cluster is made", { causes, hint });
  }
  const { format: _, ...fixed } = stored;
  return { ...settings, ...fixed };
}

/** `podCidr` → `--pod-cidr`. */
function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
