/**
 * YAML or JSON text → objects with the place of every field. Hostile text is the normal case: size, depth, number of nodes and
 * aliases are bounded before anything is built; duplicate keys and wrong shapes are refused with line and column.
 */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  type ScalarTag,
  visit,
} from "yaml";
import { Problem, type ProblemCause } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { offsetOf, startOf } from "./field-offset.ts";

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Manifest {
  readonly object: KubeObject;
  /** Where it was read: a path, or "stdin". */
  readonly source: string;
  /** 1-based number of the document in its source. */
  readonly document: number;
  /** Place of the field at a JSON path (`spec.containers[0].image`), or of the nearest parent that is written. */
  placeOf(path: string): Place;
}

const maxTextBytes = 8 * 1024 * 1024;
const maxDocuments = 5000;
const maxNodes = 200_000;
const maxDepth = 64;
const maxAliases = 100;

export function parseManifests(text: string, source: string): readonly Manifest[] {
  if (Buffer.byteLength(text) > maxTextBytes) {
    throw new Problem("too-large", `${source} is larger than ${maxTextBytes / 1024 / 1024} MiB`, {
      hint: "split it into several files",
    });
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    // Its own check of every key against every other takes seconds for a large map: `checkBounds` does it.
    uniqueKeys: false,
    strict: true,
    merge: true,
    customTags: (tags) => [...kubernetesTags, ...tags],
    prettyErrors: false,
    logLevel: "silent",
  });
  if ("empty" in documents) return [];
  if (documents.length > maxDocuments)
    throw new Problem("too-large", `${source} has more than ${maxDocuments} documents`);
  const context = { source, lines, nodes: 0 };
  return documents.flatMap((document, index) => readDocument(document as Document, index + 1, context));
}

/** What kubectl reads differently from YAML 1.2: octal numbers as 0400, and yes, no, on and off as booleans. */
const kubernetesTags: readonly ScalarTag[] = [
  {
    tag: "tag:yaml.org,2002:int",
    default: true,
    format: "OCT",
    test: /^0[0-7]+$/,
    resolve: (text) => Number.parseInt(text, 8),
  },
  { tag: "tag:yaml.org,2002:bool", default: true, test: /^(?:y|Y|yes|Yes|YES|on|On|ON)$/, resolve: () => true },
  { tag: "tag:yaml.org,2002:bool", default: true, test: /^(?:n|N|no|No|NO|off|Off|OFF)$/, resolve: () => false },
];

interface Context {
  readonly source: string;
  readonly lines: LineCounter;
  nodes: number;
}

function readDocument(document: Document, number: number, context: Context): readonly Manifest[] {
  const error = document.errors[0];
  if (error) throw refusal(context, number, { message: sentence(error.message), ...placeAt(context, error.pos[0]) });
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return [];
  checkBounds(document, number, context);
  if (!isMap(document.contents)) {
    const message = "a manifest must be a mapping with apiVersion, kind and metadata";
    throw refusal(context, number, { message, ...placeAt(context, startOf(document.contents)) });
  }
  const value: unknown = document.toJS({ maxAliasCount: maxAliases });
  const placeOf = (path: string): Place => placeAt(context, offsetOf(document, path));
  return expandList(value, context, number, placeOf);
}

/** `kind: List` stands for its items. */
function expandList(
  value: unknown,
  context: Context,
  number: number,
  placeOf: (path: string) => Place,
): readonly Manifest[] {
  const object = value as KubeObject;
  if (typeof object.kind === "string" && object.kind === "List" && Array.isArray(object.items)) {
    return object.items.flatMap((item: unknown, index) =>
      expandList(item, context, number, (path) =>
        placeOf(`items[${index}]${path === "" || path.startsWith("[") ? "" : "."}${path}`),
      ),
    );
  }
  const causes: ProblemCause[] = [];
  for (const field of ["apiVersion", "kind"] as const) {
    if (typeof object?.[field] !== "string" || object[field] === "")
      causes.push({ path: field, message: `${field} is missing or no string`, ...placeOf(field) });
  }
  const metadata: unknown = object?.metadata;
  if (typeof metadata !== "object" || metadata === null)
    causes.push({ path: "metadata", message: "metadata is missing", ...placeOf("metadata") });
  if (causes.length > 0) {
    throw new Problem("invalid", `${context.source}: document ${number} is not a Kubernetes object`, {
      causes,
      hint: "every document needs apiVersion, kind and metadata.name",
    });
  }
  return [{ object, source: context.source, document: number, placeOf }];
}

function checkBounds(document: Document, number: number, context: Context): void {
  const refuse = (message: string, node: Node | null): never => {
    throw refusal(context, number, { message, ...placeAt(context, startOf(node)) });
  };
  let aliases = 0;
  visit(document, {
    Node(_key, node, path) {
      context.nodes++;
      if (isAlias(node)) aliases++;
      if (context.nodes > maxNodes) refuse(`this is not a sensible manifest: more than ${maxNodes} values`, node);
      if (aliases > maxAliases) refuse(`this is not a sensible manifest: more than ${maxAliases} aliases`, node);
      if (path.filter((step) => !isPair(step)).length > maxDepth) refuse(tooDeep, node);
    },
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || typeof key.value === "object")
          return void refuse("keys must be plain words", key as Node | null);
        const word = String(key.value);
        if (word === "__proto__") refuse("__proto__ is no field", key);
        if (seen.has(word)) refuse(`${word} stands here twice`, key);
        seen.add(word);
      }
      return undefined;
    },
  });
}

function refusal(context: Context, number: number, cause: ProblemCause): Problem {
  return new Problem("invalid", `${context.source}:${cause.line}:${cause.column}: document ${number} cannot be read`, {
    causes: [cause],
  });
}

const tooDeep = `this nests deeper than ${maxDepth} levels`;

/** The parser's own words, without the place that it repeats. */
function sentence(message: string): string {
  if (message.includes("Maximum call stack")) return tooDeep;
  return message.replace(/ at line \d+, column \d+:?[\s\S]*$/, "").trim();
}

function placeAt(context: Context, offset: number): Place {
  const { line, col } = context.lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
