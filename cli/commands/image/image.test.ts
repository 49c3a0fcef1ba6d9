import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { BlobProgress, ImageSummary } from "#proto/resources/image-request.ts";
import type { Environment } from "../../environment.ts";
import { filtered, parseFilters } from "./filters.ts";
import { listRows } from "./list.ts";
import { type Found, familiar, named, registryOf } from "./node-images.ts";
import { LayerProgress } from "./progress.ts";
import { allTags } from "./push.ts";

const digest = `sha256:0123456789ab${"c".repeat(52)}`;
const nowMs = Date.parse("2026-01-01T01:00:00Z");

function image(names: readonly string[], usedBy: readonly string[] = []): ImageSummary {
  const bytes = { sizeBytes: 12_300_000, ownBytes: 300, downloadBytes: 5_000_000 };
  return { names, digest, id: digest, createdAt: "2026-01-01T00:00:00Z", ...bytes, layers: [], usedBy };
}

test("an image of several nodes is one row; a tag that means something else there is another", () => {
  const other = { ...image(["docker.io/library/web:1"]), digest: `sha256:${"d".repeat(64)}` };
  const { cells } = listRows(
    [
      { node: "n1", image: image(["docker.io/library/web:1", `docker.io/library/web@${digest}`], ["default/a"]) },
      { node: "n2", image: image(["docker.io/library/web:1"], ["default/b", "default/a"]) },
      { node: "n3", image: other },
      { node: "n3", image: image([`r.test/old@${digest}`]) },
    ],
    nowMs,
    { wide: false, trunc: true },
  );
  assert.deepEqual(cells, [
    ["r.test/old:<none>", "0123456789ab", "60m ago", "12.3 MB", "1", "0"],
    ["web:1", "0123456789ab", "60m ago", "12.3 MB", "2", "2"],
    ["web:1", "dddddddddddd", "60m ago", "12.3 MB", "1", "0"],
  ]);
});

test("a list is of the names that are wanted", () => {
  const one = {
    node: "n1",
    image: image(["docker.io/library/web:1", "r.test/team/web:2", `r.test/team/web@${digest}`]),
  };
  const table: readonly (readonly [string, readonly string[]])[] = [
    ["web", ["docker.io/library/web:1"]],
    ["web:1", ["docker.io/library/web:1"]],
    ["docker.io/library/web", ["docker.io/library/web:1"]],
    ["web:2", []],
    ["we", []],
    ["we*", ["docker.io/library/web:1"]],
    ["r.test/*", ["r.test/team/web:2", `r.test/team/web@${digest}`]],
    ["r.test/team/web:2", ["r.test/team/web:2"]],
    ["rxtest/*", []],
    ["(", []],
  ];
  for (const [wanted, names] of table)
    assert.deepEqual(
      named(one, wanted).flatMap((found) => found.image.names),
      names,
      wanted,
    );
});

test("names are shown as people write them, and tell their registry", () => {
  assert.equal(familiar("docker.io/library/web:1"), "web:1");
  assert.equal(familiar("docker.io/team/web:1"), "team/web:1");
  assert.equal(familiar("r.test/library/web:1"), "r.test/library/web:1");
  assert.deepEqual(["web:1", "team/web", "r.test/web", "localhost/web", "h:5000/web"].map(registryOf), [
    ...["docker.io", "docker.io", "r.test", "localhost", "h:5000"],
  ]);
});

function screen(isTerminal: boolean): { environment: Environment; written: string[]; clock: ManualClock } {
  const written: string[] = [];
  const clock = new ManualClock();
  const err = { write: (text: string) => void written.push(text), isTerminal, columns: 200 };
  return { environment: { err, clock } as unknown as Environment, written, clock };
}

const line = (progress: Partial<BlobProgress>): Buffer =>
  Buffer.from(`${JSON.stringify({ digest, doneBytes: 0, totalBytes: 40_000_000, state: "fetching", ...progress })}\n`);

test("in a pipe a layer is told once, when it is done, with where it came from and who shares it", () => {
  const { environment, written } = screen(false);
  const progress = new LayerProgress(environment, 1);
  progress.take("n1", line({ doneBytes: 1, source: "node n2" }));
  const done = line({ doneBytes: 40_000_000, state: "done" });
  // A line may come in pieces.
  progress.take("n1", done.subarray(0, 10));
  progress.take("n1", done.subarray(10));
  progress.take(
    "n1",
    line({ digest: `sha256:${"e".repeat(64)}`, state: "here", sharedWith: ["docker.io/library/web:1"] }),
  );
  progress.end();
  assert.deepEqual(written, [
    "n1: 0123456789ab done, 40.0 MB from node n2\n",
    "n1: eeeeeeeeeeee already here, 40.0 MB, shared with web:1\n",
  ]);
});

test("on a terminal a layer's line is drawn over with bytes, speed and source", () => {
  const { environment, written, clock } = screen(true);
  const progress = new LayerProgress(environment, 1);
  clock.advance(1000);
  progress.take("n1", line({ doneBytes: 10_000_000, source: "registry r.test" }));
  assert.equal(
    written.at(-1),
    "\x1b[2K0123456789ab [=====               ] 10.0 MB of 40.0 MB  fetching  10.0 MB/s  from registry r.test\n",
  );
  clock.advance(1000);
  progress.take("n1", line({ doneBytes: 40_000_000, state: "done" }));
  progress.end();
  assert.equal(written.at(-1), "\x1b[1A\x1b[2K0123456789ab [====================] 40.0 MB of 40.0 MB  done\n");
});

const shelf: readonly Found[] = [
  ["docker.io/library/web:1", "2026-01-01T00:00:00Z", { tier: "front", "a=b": "" }],
  ["docker.io/library/web:2", "2026-01-02T00:00:00Z", { tier: "back" }],
  ["r.test/team/db:latest", "2026-01-03T00:00:00Z", {}],
  [`r.test/team/db@${digest}`, "2026-01-04T00:00:00Z", { tier: "" }],
].map(([name, createdAt, labels], index) => {
  const content = `sha256:${String(index).repeat(64)}`;
  return {
    node: "n1",
    image: { ...image([String(name)]), digest: content, id: content, createdAt, labels } as ImageSummary,
  };
});

test("filters of images: each lets through what docker's does; of different ones all count", () => {
  const table: readonly (readonly [readonly string[], string])[] = [
    [[], "0123"],
    [["dangling=true"], "3"],
    [["dangling=false"], "012"],
    [["reference=web*"], "01"],
    [["reference=web:1", "reference=r.test/*/db:latest"], "02"],
    [["before=web:2"], "0"],
    [["since=web:2"], "23"],
    [["since=web:1", "before=r.test/team/db"], "1"],
    [["before=333333333333"], "012"],
    [["before=sha256:3333333"], "012"],
    [["label=tier"], "013"],
    [["label=tier=front"], "0"],
    [["label=tier="], "3"],
    [["label=tier", "label=none"], ""],
    [["label=toString"], ""],
    [["label=tier", "since=web:1", "dangling=0"], "1"],
  ];
  for (const [words, passing] of table) {
    const found = filtered(shelf, parseFilters(words)).map((one) => one.image.digest.charAt(7));
    assert.equal(found.join(""), passing, words.join(" "));
  }
});

test("filters that are none, or that compare with what is not there, are refused with what there is", () => {
  for (const word of ["dangling=maybe", "dangling", "size=3", "label=", "=x", ""])
    assert.throws(
      () => parseFilters([word]),
      (thrown) => Problem.is(thrown, "bad-request"),
      word,
    );
  assert.throws(() => filtered(shelf, parseFilters(["since=web"])), /no ready node has the image web/);
  const unlabelled = shelf.map(({ node, image: { labels: _, ...rest } }) => ({ node, image: rest }));
  assert.throws(() => filtered(unlabelled, parseFilters(["label=a"])), /agent of n1 is older/);
});

test("all tags of a repository are pushed, each once, from a node that has it", () => {
  const found = [
    ...shelf,
    ...shelf.map((one) => ({ ...one, node: "n2" })),
    { node: "n2", image: image(["docker.io/library/web:3"]) },
  ];
  assert.deepEqual(allTags(found, "web", "r.test/x/web"), [
    { node: "n1", image: "docker.io/library/web:1", destination: "r.test/x/web:1" },
    { node: "n1", image: "docker.io/library/web:2", destination: "r.test/x/web:2" },
    { node: "n2", image: "docker.io/library/web:3", destination: "r.test/x/web:3" },
  ]);
  assert.equal(allTags(found, "r.test/team/db", "r.test/team/db").length, 1);
  assert.throws(
    () => allTags(found, "we", "we"),
    (thrown) => Problem.is(thrown, "not-found"),
  );
});
