/** The keyring at a start: a new cluster gets a key; an old one needs a key that leads to the one it seals with. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import { clusterKey, sealingPermitKey, sealingStateKey } from "../store/keyspace.ts";
import type { Kv } from "../store/kv.ts";
import { createSealingKeys } from "../store/sealing-key-file.ts";
import { firstKeyState } from "./key-state.ts";
import { Keyring, type KeyringOptions } from "./keyring.ts";
import { sealedWith } from "./sealed-values.ts";

/** Throws Problem `not-found` without a key file, `conflict` when the file does not lead to the key that seals. */
export async function openKeyring(options: KeyringOptions, signal: AbortSignal): Promise<Keyring> {
  const { kv, file, random } = options;
  const { item: authority } = await kv.get(clusterKey("ca"), signal);
  if (!authority) await mkdir(dirname(file.path), { recursive: true, mode: 0o700 });
  const keys = authority ? await file.read() : await createSealingKeys(file.path, random);
  // Before there is an authority, another control plane may be making the same file.
  if (authority) await file.removeLeftovers();
  const [first] = keys;
  const active = (authority && sealedWith(authority.value)) ?? first?.id ?? "";
  await claimFirst(kv, active, signal);
  const keyring = new Keyring(options, keys, firstKeyState(active));
  await keyring.refresh(signal);
  if (keyring.modRevision === 0) throw new Problem("unavailable", "the state of the sealing key could not be read");
  return keyring;
}

/** Says which key seals unless that has been said: what is already sealed decides, else the newest key of whoever comes first. */
async function claimFirst(kv: Kv, active: string, signal: AbortSignal): Promise<void> {
  if ((await kv.get(sealingStateKey, signal)).item) return;
  const state = Buffer.from(JSON.stringify(firstKeyState(active)));
  const permit = Buffer.from("{}");
  await kv.transact(
    [
      { kind: "put", key: sealingStateKey, value: state, guard: 0 },
      { kind: "put", key: sealingPermitKey(active), value: permit, guard: 0 },
    ],
    // One that is late must not bring back a permit that was taken away meanwhile.
    { key: sealingStateKey, createRevision: 0 },
    signal,
  );
}
