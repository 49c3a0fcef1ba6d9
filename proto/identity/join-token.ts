/**
 * Join tokens: `ORCH1.<sha256 of the CA's DER, base64url>.<id>.<128-bit secret, base64url>`. The digest lets the joining
 * machine know whom it talks to before it shows the secret; the control plane stores only the secret's hash.
 */
import { createHash } from "node:crypto";
import { Problem } from "../kit/problem.ts";
import type { Random } from "../kit/random.ts";

export interface JoinToken {
  /** sha256 of the authority's DER, base64url. */
  readonly authorityDigest: string;
  /** Public half: finds the record. */
  readonly id: string;
  readonly secret: string;
}

const tokenPattern = /^ORCH1\.([A-Za-z0-9_-]{43})\.([a-z2-7]{10})\.([A-Za-z0-9_-]{22})$/;
const idAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

export function createJoinToken(authorityDigest: string, random: Random): JoinToken {
  const id = Array.from(random.bytes(10), (byte) => idAlphabet[byte & 31]).join("");
  return { authorityDigest, id, secret: Buffer.from(random.bytes(16)).toString("base64url") };
}

export function formatJoinToken(token: JoinToken): string {
  return `ORCH1.${token.authorityDigest}.${token.id}.${token.secret}`;
}

/** Throws Problem `bad-request` that never repeats the text: it may be a secret. */
export function parseJoinToken(text: string): JoinToken {
  const [, authorityDigest, id, secret] = tokenPattern.exec(text.trim()) ?? [];
  if (authorityDigest === undefined || id === undefined || secret === undefined) {
    throw new Problem("bad-request", "this is not a join token: it has the form ORCH1.DIGEST.ID.SECRET", {
      hint: "Copy the whole token that `orchctl node join` printed; it holds no spaces.",
    });
  }
  return { authorityDigest, id, secret };
}

/** What is stored in place of the secret. 128 random bits need no slow hash. */
export function hashJoinSecret(secret: string): string {
  return createHash("sha256").update(`orch join secret ${secret}`).digest("base64url");
}
