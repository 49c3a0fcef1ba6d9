import assert from "node:assert/strict";
import { test } from "node:test";
import { layerStoreCondition } from "./layer-store-condition.ts";

test("how layers are kept is told, with why it is not better", () => {
  assert.partialDeepStrictEqual(layerStoreCondition({ kind: "erofs" }), { status: "False", reason: "Erofs" });
  assert.partialDeepStrictEqual(layerStoreCondition({ kind: "erofs-loop" }), { status: "False", reason: "ErofsLoop" });
  const extracted = layerStoreCondition({ kind: "extracted", reason: "erofs: mount: ENODEV" });
  assert.equal(extracted.status, "True");
  assert.match(extracted.message ?? "", /extracted directories.*\(erofs: mount: ENODEV\)/);
});
