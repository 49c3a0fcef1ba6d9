/** What the quick commands of orchctl load before they do anything: heavy libraries only where they are needed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readSources } from "./source-files.ts";

const sources = new Map(readSources().map((file) => [file.path, file]));

/** Packages and files of ours that importing `path` loads at once; `import()` loads later and does not count. */
function loadedWith(path: string, seen = new Set<string>()): ReadonlySet<string> {
  const file = sources.get(path);
  if (!file || seen.has(path)) return seen;
  seen.add(path);
  for (const { specifier, target, typeOnly } of file.imports) {
    if (typeOnly || file.text.includes(`import("${specifier}")`)) continue;
    if (target === undefined) seen.add(specifier);
    else loadedWith(target, seen);
  }
  return seen;
}

const never = (path: string, heavy: readonly string[]): void => {
  const loaded = loadedWith(path);
  assert.ok(loaded.size > 3, path);
  assert.deepEqual(
    heavy.filter((name) => loaded.has(name)),
    [],
    path,
  );
};

test("help and version load neither gRPC nor schemas nor YAML", () => {
  never("cli/whole-program.ts", ["@grpc/grpc-js", "zod", "yaml", "proto/resources/registry.ts", "protobufjs"]);
});

test("everyday commands know kinds by the catalog, without schemas and YAML, and call without grpc-js", () => {
  for (const command of ["get", "logs", "exec", "run", "scale", "wait", "events"]) {
    never(`cli/commands/${command}/run.ts`, ["@grpc/grpc-js", "zod", "yaml", "proto/resources/registry.ts"]);
  }
});
