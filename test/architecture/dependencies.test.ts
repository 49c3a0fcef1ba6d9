/** Who may import whom. A change here is a change of the architecture: say why in the commit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readSources, type SourceFile } from "./source-files.ts";

const sources = readSources();
const product = sources.filter((file) => !file.isTest);
const under = (folder: string) => (path: string) => path.startsWith(`${folder}/`);

/** Files that match `of` may not import what matches `never`. */
interface Rule {
  readonly name: string;
  readonly of: (path: string) => boolean;
  readonly never: (target: string) => boolean;
}

const topLevel = (path: string): string => path.split("/")[0] ?? "";
const isPlan = (path: string): boolean => /^control-plane\/controllers\/[^/]+\/plan\.ts$/.test(path);
const agentPorts = ["runtime", "images", "network", "volumes", "logs"].map((name) => `node-agent/${name}`);

const rules: readonly Rule[] = [
  {
    name: "proto is the shared language and imports none of the programs",
    of: under("proto"),
    never: (t) => topLevel(t) !== "proto",
  },
  { name: "the kit knows no domain", of: under("proto/kit"), never: (t) => !/^proto\/(kit|wire)\//.test(t) },
  {
    name: "programs do not import one another",
    of: (p) => /^(control-plane|node-agent)\//.test(p),
    never: (t) => !["proto"].includes(topLevel(t)) && topLevel(t) !== "",
  },
  {
    name: "the command line reaches the programs only by their API",
    of: under("cli"),
    never: (t) => /^(control-plane|node-agent|test)\//.test(t),
  },
  {
    name: "deploy starts programs, it does not import them",
    of: under("deploy"),
    never: (t) => !/^(proto|deploy)\//.test(t),
  },
  {
    name: "the scheduler is a pure library",
    of: under("control-plane/scheduler"),
    never: (t) => !/^(control-plane\/scheduler|proto\/(resources|kit\/(plan|random|clock)))/.test(t),
  },
  {
    name: "plans are pure and know no other controller",
    of: isPlan,
    never: (t) => /^control-plane\/(store|cache|api|sessions|leadership|etcd)\//.test(t),
  },
  {
    name: "the store knows nobody above it",
    of: under("control-plane/store"),
    never: (t) => /^control-plane\/(cache|controllers|api|sessions|scheduler)\//.test(t),
  },
  {
    name: "the cache knows only the store",
    of: under("control-plane/cache"),
    never: (t) => /^control-plane\/(controllers|api|sessions|scheduler)\//.test(t),
  },
  {
    name: "the API imports no controller",
    of: under("control-plane/api"),
    never: (t) => /^control-plane\/(controllers|scheduler|sessions)\//.test(t),
  },
  {
    name: "the agent's reconciler knows ports, not the session",
    of: under("node-agent/reconciler"),
    never: (t) => under("node-agent/session")(t),
  },
  {
    name: "system calls and programs are the host's",
    of: under("node-agent/host"),
    never: (t) => !/^(node-agent\/host|proto\/kit)\//.test(t),
  },
];

function sameNode(path: string, target: string): boolean {
  return topLevel(path) === topLevel(target);
}

for (const rule of rules) {
  test(rule.name, () => {
    const broken = product
      .filter((file) => rule.of(file.path))
      .flatMap((file) =>
        file.imports
          .filter(
            (one) => one.target !== undefined && !(rule.name.startsWith("programs") && sameNode(file.path, one.target)),
          )
          .filter((one) => one.target !== undefined && rule.never(one.target))
          .map((one) => `${file.path} imports ${one.specifier}`),
      );
    assert.deepEqual(broken, []);
  });
}

test("adapters of the agent do not import one another, only each other's ports as types", () => {
  const broken = product.flatMap((file) => {
    const own = agentPorts.find((folder) => under(folder)(file.path));
    if (!own) return [];
    const others = file.imports.filter(
      (one) => !one.typeOnly && agentPorts.some((folder) => folder !== own && one.target?.startsWith(`${folder}/`)),
    );
    return others.map((one) => `${file.path} imports ${one.specifier}`);
  });
  assert.deepEqual(broken, []);
});

const packageOwners: Readonly<Record<string, RegExp>> = {
  etcd3: /^control-plane\/(store|etcd)\//,
  koffi: /^node-agent\/(host|images)\//,
  commander: /^cli\//,
  pino: /^proto\/kit\/pino-logger\.ts$/,
  undici: /^node-agent\/images\//,
};

for (const [name, owner] of Object.entries(packageOwners)) {
  test(`${name} is known to one place only`, () => {
    const users = product.filter((file) =>
      file.imports.some((one) => one.specifier === name || one.specifier.startsWith(`${name}/`)),
    );
    assert.deepEqual(
      users.map((file) => file.path).filter((path) => !owner.test(path)),
      [],
    );
  });
}

test("the agent does not load zod beyond its own configuration", () => {
  const users = product.filter((file) => under("node-agent")(file.path) && !file.path.endsWith("/config.ts"));
  const broken = users.flatMap((file) =>
    file.imports.filter((one) => one.specifier === "zod" && !one.typeOnly).map(() => file.path),
  );
  assert.deepEqual(broken, []);
});

test("no cycle of imports, of types neither", () => {
  assert.deepEqual(findCycle(product), []);
});

/** The files of one cycle, in order, or none. */
function findCycle(files: readonly SourceFile[]): readonly string[] {
  const edges = new Map(
    files.map((file) => [file.path, file.imports.flatMap(({ target }) => (target === undefined ? [] : [target]))]),
  );
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): readonly string[] => {
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node];
    if (done.has(node)) return [];
    path.push(node);
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    done.add(node);
    return [];
  };
  for (const file of files) {
    const cycle = visit(file.path);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
