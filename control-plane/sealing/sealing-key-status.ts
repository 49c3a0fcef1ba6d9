/** Which key sealed what, counted in the store as it is now, and who has which key. */
import { toTime } from "#proto/kit/clock.ts";
import type { SealingKeyStatus } from "#proto/resources/administration.ts";
import type { Kv } from "../store/kv.ts";
import type { KeyHolder, KeyState } from "./key-state.ts";
import { sealedItems } from "./rewrite.ts";
import { describePlace, sealedWith } from "./sealed-values.ts";

export interface SealingFacts {
  readonly kv: Kv;
  readonly cluster: string;
  readonly state: KeyState;
  readonly holders: readonly (KeyHolder & { readonly address: string })[];
}

const maxNamed = 100;

export async function sealingKeyStatus(facts: SealingFacts, signal: AbortSignal): Promise<SealingKeyStatus> {
  const { kv, cluster, state, holders } = facts;
  const { active, rotation, retired } = state;
  const counts = new Map<string, number>([[active, 0]]);
  if (rotation) counts.set(rotation.from, 0);
  const underOtherKeys: string[] = [];
  for await (const items of sealedItems(kv, signal)) {
    for (const { key, value } of items) {
      const keyId = sealedWith(value) ?? "none";
      counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
      if (keyId !== active && underOtherKeys.length < maxNamed) underOtherKeys.push(describePlace(key));
    }
  }
  return {
    cluster,
    active,
    ...(rotation && {
      rotation: {
        ...{ from: rotation.from, to: rotation.to, phase: rotation.phase, startedBy: rotation.startedBy },
        startedAt: toTime(rotation.startedAtMs),
        ...(rotation.rewrittenAtMs !== undefined && { rewrittenAt: toTime(rotation.rewrittenAtMs) }),
      },
    }),
    sealed: [...counts].map(([keyId, count]) => ({ keyId, count })),
    underOtherKeys,
    controlPlanes: holders.map(({ name, address, keys, trouble }) => ({
      ...{ name, address, keys },
      ...(trouble !== undefined && { trouble }),
    })),
    retired: retired.map(({ id, retiredAtMs }) => ({ id, retiredAt: toTime(retiredAtMs) })),
  };
}
