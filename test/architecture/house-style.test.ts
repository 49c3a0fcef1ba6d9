/** Habits that a machine can check. Each exception stands here with its reason. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readSources, type SourceFile } from "./source-files.ts";

const sources = readSources();
const product = sources.filter((file) => !file.isTest);

interface Ban {
  readonly name: string;
  readonly pattern: RegExp;
  readonly where: readonly SourceFile[];
  /** Path → why it may. */
  readonly except: Readonly<Record<string, string>>;
}

const clocks = {
  "proto/kit/clock.ts": "the one place that reads clocks",
  "proto/kit/pino-logger.ts": "stamps log lines",
};

const bans: readonly Ban[] = [
  {
    name: "clocks are read in the kit only",
    pattern: /\bDate\.now\(|\bperformance\.now\(|\bnew Date\(\)/,
    where: product,
    except: clocks,
  },
  { name: "randomness comes from the kit", pattern: /\bMath\.random\(/, where: product, except: {} },
  {
    name: "the environment and the exit belong to main.ts",
    pattern: /\bprocess\.env\b|\bprocess\.exit\(/,
    where: product.filter((file) => !/(^|\/)(main|[a-z-]+-main|[a-z-]+-worker)\.ts$/.test(file.path)),
    except: {},
  },
  {
    name: "no suppression of the compiler or the linter",
    pattern: /@ts-(ignore|expect-error|nocheck)|biome-ignore/,
    where: sources.filter((file) => !file.path.startsWith("test/architecture/")),
    except: {},
  },
  {
    name: "no unfinished work",
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    where: sources.filter((file) => !file.path.startsWith("test/architecture/")),
    except: {},
  },
  {
    name: "no test that is skipped or runs alone",
    pattern: /\b(?:test|it|describe|suite)\.(?:only|todo)\(/,
    where: sources.filter((file) => file.isTest),
    except: {},
  },
];

for (const ban of bans) {
  test(ban.name, () => {
    const found = ban.where
      .filter((file) => !(file.path in ban.except))
      .flatMap((file) =>
        file.lines.flatMap((line, index) =>
          ban.pattern.test(line.replace(/\/\/.*$|^\s*\*.*$/, "")) ? [`${file.path}:${index + 1}`] : [],
        ),
      );
    assert.deepEqual(found, []);
  });
}

test("no file is longer than 400 lines", () => {
  assert.deepEqual(
    sources.filter((file) => file.lines.length > 400).map((file) => `${file.path}: ${file.lines.length}`),
    [],
  );
});

test("files are named in kebab-case, and not after nothing", () => {
  const names = sources
    .map((file) => file.path)
    .filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/.test(path.split("/").at(-1) ?? ""));
  const vague = sources.map((file) => file.path).filter((path) => /\/(utils?|helpers?|common|misc)\.ts$/.test(path));
  assert.deepEqual([...names, ...vague], []);
});

test("every file of the product says what it is in its first lines", () => {
  const silent = product.filter((file) => !/^(#!.*\n)?\/\*\*/.test(file.text)).map((file) => file.path);
  assert.deepEqual(silent, []);
});
