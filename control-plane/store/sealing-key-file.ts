/** The key-encryption keys' file: JSON `{"keys":[{"id","secret"}]}`, newest first, mode 0600, never in etcd. */
import { link, open, readFile, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { SealingKey } from "./sealer.ts";

const secretBytes = 32;

/** Reads the keys. Throws `not-found` when there is no file, `internal` when others may read it or it is damaged. */
export async function readSealingKeys(path: string): Promise<readonly SealingKey[]> {
  let text: string;
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) {
      throw new Problem("internal", `${path} can be read by others`, { hint: `Run: chmod 600 ${path}` });
    }
    text = await readFile(path, "utf8");
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown;
    throw new Problem("not-found", `the key file ${path} does not exist`, {
      hint: "Copy it from another control plane of this cluster. Without it Secrets cannot be read.",
    });
  }
  return parseSealingKeys(text, path);
}

/** For a new cluster only: makes a key unless the file exists. Whoever comes second reads the first one's. */
export async function createSealingKeys(path: string, random: Random): Promise<readonly SealingKey[]> {
  const { id, secret } = newSealingKey(random);
  const temporary = `${path}.${id}.new`;
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(formatSealingKeys([{ id, secret }]));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
  } catch (thrown) {
    if (errnoOf(thrown) !== "EEXIST") throw thrown;
  } finally {
    await unlink(temporary);
  }
  const directory = await open(dirname(path), "r");
  await directory.sync().finally(() => directory.close());
  return readSealingKeys(path);
}

export function newSealingKey(random: Random): SealingKey {
  return { id: Buffer.from(random.bytes(4)).toString("hex"), secret: random.bytes(secretBytes) };
}

/** The text of the file. The first key seals. */
export function formatSealingKeys(keys: readonly SealingKey[]): string {
  const written = keys.map(({ id, secret }) => ({ id, secret: Buffer.from(secret).toString("base64") }));
  return `${JSON.stringify({ keys: written }, null, 2)}\n`;
}

/** `path` names the file in what is thrown. */
export function parseSealingKeys(text: string, path: string): readonly SealingKey[] {
  const damaged = new Problem("internal", `${path} is not a key file`, { hint: "Restore it from a backup." });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw damaged;
  }
  if (typeof parsed !== "object" || parsed === null || !("keys" in parsed) || !Array.isArray(parsed.keys))
    throw damaged;
  const keys = parsed.keys.map((entry: unknown): SealingKey => {
    if (typeof entry !== "object" || entry === null || !("id" in entry) || !("secret" in entry)) throw damaged;
    if (typeof entry.id !== "string" || entry.id === "" || typeof entry.secret !== "string") throw damaged;
    const secret = Buffer.from(entry.secret, "base64");
    if (secret.length !== secretBytes) throw damaged;
    return { id: entry.id, secret };
  });
  if (keys.length === 0) throw damaged;
  return keys;
}
