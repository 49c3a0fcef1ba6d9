/** etcd's log file: appended to, turned over at start when large, and its last words for people. */
import { type FileHandle, mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";

const maxBytes = 8 << 20;
const tailBytes = 8192;

export async function openLog(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    if ((await stat(path)).size > maxBytes) await rename(path, `${path}.1`);
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown;
  }
  return open(path, "a", 0o600);
}

/** The message of the last line, without the JSON around it. */
export async function lastWords(path: string): Promise<string> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return "";
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, Math.max(0, size - tailBytes));
    const lines = buffer.subarray(0, bytesRead).toString().trim().split("\n");
    const telling = lines.findLast((line) => /"level":"(fatal|panic|error)"/.test(line)) ?? lines.at(-1) ?? "";
    return readable(telling);
  } finally {
    await file.close();
  }
}

function readable(line: string): string {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== "object" || parsed === null) return line.slice(0, 500);
    const { msg, error }: { msg?: unknown; error?: unknown } = parsed;
    return [msg, error].filter((part) => typeof part === "string").join(": ");
  } catch {
    return line.slice(0, 500);
  }
}
