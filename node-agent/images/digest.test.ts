import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { chainId, sha256, verifyBytes } from "./digest.ts";

test("the chain id of one layer is its diff id, of more the hash of chain and diff id", () => {
  assert.equal(chainId(["sha256:a"]), "sha256:a");
  assert.equal(chainId(["sha256:a", "sha256:b", "sha256:c"]), sha256(`${sha256("sha256:a sha256:b")} sha256:c`));
});

test("size and digest are both verified", () => {
  const content = Buffer.from("hello");
  verifyBytes(content, { digest: sha256("hello"), size: 5 }, "blob");
  verifyBytes(content, { digest: `sha512:${createHash("sha512").update("hello").digest("hex")}` }, "blob");
  assert.throws(() => verifyBytes(content, { digest: sha256("hello"), size: 6 }, "blob"), { code: "invalid" });
  assert.throws(() => verifyBytes(content, { digest: sha256("hello"), size: 4 }, "blob"), { code: "invalid" });
  assert.throws(() => verifyBytes(content, { digest: sha256("other") }, "blob"), { code: "invalid" });
});

test("what cannot be verified is refused", () => {
  assert.throws(() => verifyBytes(Buffer.from(""), { digest: "blake9:abc" }, "blob"), { code: "unsupported" });
});
