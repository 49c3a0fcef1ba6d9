/** The key file while keys come and go: a crash at any moment leaves the old file or the new one, and nothing beside it. */
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type FaultPoints, noFaults } from "#proto/kit/fault-points.ts";
import { writePrivateFile } from "../identity/private-files.ts";
import type { SealingKey } from "../store/sealer.ts";
import { formatSealingKeys, readSealingKeys } from "../store/sealing-key-file.ts";

export const keyFileFaultPoints = ["key-file:writing", "key-file:written"] as const;
export type KeyFileFaultPoint = (typeof keyFileFaultPoints)[number];

export class KeyFile {
  readonly path: string;
  readonly #faults: FaultPoints<KeyFileFaultPoint>;

  constructor(path: string, faults: FaultPoints<KeyFileFaultPoint> = noFaults) {
    this.path = path;
    this.#faults = faults;
  }

  read(): Promise<readonly SealingKey[]> {
    return readSealingKeys(this.path);
  }

  /** Afterwards it holds these, the first first, and what it held besides, but none of `dropped`. Answers the ids in it. */
  async keep(keys: readonly SealingKey[], dropped: ReadonlySet<string>): Promise<readonly string[]> {
    const before = await this.read();
    const all = new Map([...keys, ...before].map((key) => [key.id, key]));
    const wanted = [...all.values()].filter(({ id }) => !dropped.has(id));
    const ids = wanted.map(({ id }) => id);
    if (ids.join() === before.map(({ id }) => id).join()) return ids;
    await this.#faults.at("key-file:writing");
    await writePrivateFile(this.path, formatSealingKeys(wanted));
    await this.#faults.at("key-file:written");
    return ids;
  }

  /** What a crash in the middle of writing left beside the file holds keys too. */
  async removeLeftovers(): Promise<void> {
    const [folder, name] = [dirname(this.path), basename(this.path)];
    for (const other of await readdir(folder)) {
      const end = other.startsWith(`${name}.`) ? other.slice(name.length + 1) : "";
      if (/^[0-9a-f]{8}\.(tmp|new)$/.test(end)) await rm(join(folder, other), { force: true });
    }
  }
}
