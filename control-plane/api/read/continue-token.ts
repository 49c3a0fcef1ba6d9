/** Where the next page of a list starts, opaque to clients: all pages are of one revision. */
import { Problem } from "#proto/kit/problem.ts";
import { isRecord } from "../patch/json.ts";

export interface ContinueToken {
  readonly revision: number;
  /** Store key of the last object that was looked at. */
  readonly after: string;
}

const format = 1;
const maxLength = 2_048;
const storeKey = /^[a-z0-9_.-]+(\/[a-z0-9_.-]+){2,4}$/;

export function formatContinueToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: format, rev: token.revision, after: token.after })).toString("base64url");
}

/** Only what we gave out for this collection; the content is a stranger's all the same. */
export function parseContinueToken(text: string, prefix: string): ContinueToken {
  const value = text.length > maxLength ? undefined : parse(text);
  if (!isRecord(value) || value.v !== format) throw unreadable();
  const { rev: revision, after } = value;
  if (typeof revision !== "number" || !Number.isSafeInteger(revision) || revision < 1) throw unreadable();
  if (typeof after !== "string" || !after.startsWith(prefix) || !storeKey.test(after)) throw unreadable();
  return { revision, after };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

function unreadable(): Problem {
  return new Problem("bad-request", "the continue token cannot be read", {
    hint: "Use it as it was given, with the same resource and namespace, or list again without it.",
  });
}
