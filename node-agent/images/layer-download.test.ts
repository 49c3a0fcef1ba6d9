import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { BlobSource } from "./blob-source.ts";
import { BlobStore } from "./blob-store.ts";
import { sha256 } from "./digest.ts";
import { LayerDownload, type LayerDownloadOptions } from "./layer-download.ts";
import { parseReference } from "./reference.ts";

const never = new AbortController().signal;

/** Gives `content` from the offset on, and breaks off after `bytes` if that is given. */
function source(name: string, content: Buffer, opened: string[], bytes = Number.POSITIVE_INFINITY): BlobSource {
  return {
    name,
    open: async (offset) => {
      opened.push(`${name} from ${offset}`);
      return { offset, chunks: part(content.subarray(offset), bytes) };
    },
  };
}

async function* part(content: Buffer, bytes: number): AsyncGenerator<Buffer> {
  yield content.subarray(0, Math.min(bytes, content.length));
  if (bytes < content.length) throw new Problem("unavailable", "it broke off");
}

test("wrong bytes that a failing peer left are not held against the next source", async () => {
  const directory = await mkdtemp(join(tmpdir(), "orch-layer-"));
  try {
    const content = randomBytes(4000);
    const layer = { digest: sha256(content), diffId: sha256("diff"), size: content.length, mediaType: "" };
    const opened: string[] = [];
    const liar = source("node liar", randomBytes(4000), opened, 1000);
    const registry = source("registry r.test", content, opened);
    const ended: string[] = [];
    const options = {
      blobs: await BlobStore.open(directory),
      peers: {
        sources: async () => [liar],
        stored: () => void ended.push("stored"),
        failed: () => void ended.push("failed"),
      },
      origin: { sources: () => [registry] },
      image: parseReference("r.test/app:1"),
      record: { layers: [layer] },
      object: "image r.test/app:1",
      layersAtOnce: 1,
      clock: new ManualClock(),
      random: seededRandom(1),
      logger: silentLogger,
    } as unknown as LayerDownloadOptions;
    await new LayerDownload(options).fetch(layer, never);
    assert.deepEqual(opened, ["node liar from 0", "registry r.test from 1000", "registry r.test from 0"]);
    assert.deepEqual(await options.blobs.read(layer.digest, 1e6), content);
    assert.deepEqual(ended, ["stored"]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
