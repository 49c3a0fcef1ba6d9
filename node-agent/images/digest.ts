/** Content digests. */
import { createHash } from "node:crypto";
import { Problem } from "#proto/kit/problem.ts";

export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** The digest of a stack of layers, base first (image-spec config.md, "Layer ChainID"). */
export function chainId(diffIds: readonly string[]): string {
  const [base, ...rest] = diffIds;
  return rest.reduce((chain, diffId) => sha256(`${chain} ${diffId}`), base ?? sha256(""));
}

/** What we can verify. Others are well-formed but cannot be run. */
const algorithms: Readonly<Record<string, string>> = { sha256: "sha256", sha512: "sha512" };

export interface Verifier {
  update(chunk: Uint8Array): void;
  /** Problem `invalid` when size or content differ from what was announced. */
  finish(): void;
}

export function verifier(expected: { readonly digest: string; readonly size?: number }, object: string): Verifier {
  const algorithm = algorithms[expected.digest.split(":")[0] ?? ""];
  if (algorithm === undefined) {
    throw new Problem("unsupported", `${object} has the digest ${expected.digest}, which cannot be verified here`);
  }
  const hash = createHash(algorithm);
  let size = 0;
  return {
    update(chunk) {
      size += chunk.length;
      if (expected.size !== undefined && size > expected.size) {
        throw new Problem("invalid", `${object} is longer than the ${expected.size} bytes that were announced`);
      }
      hash.update(chunk);
    },
    finish() {
      if (expected.size !== undefined && size !== expected.size) {
        throw new Problem("invalid", `${object} has ${size} bytes instead of ${expected.size}`);
      }
      const actual = `${algorithm}:${hash.digest("hex")}`;
      if (actual !== expected.digest) {
        throw new Problem("invalid", `${object} is broken: its digest is ${actual} instead of ${expected.digest}`);
      }
    },
  };
}

/** Verifies bytes in memory. */
export function verifyBytes(
  content: Uint8Array,
  expected: { readonly digest: string; readonly size?: number },
  object: string,
): void {
  const check = verifier(expected, object);
  check.update(content);
  check.finish();
}
