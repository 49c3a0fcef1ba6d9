/** JSON patch, RFC 6902, over plain values. Works on copies; a failing operation fails the whole patch. */
import { Problem } from "#proto/kit/problem.ts";
import { isRecord, type JsonRecord, jsonEqual } from "./json.ts";

const maxOperations = 1_000;
/** Copies of copies grow exponentially: together they may add so many characters. */
const maxCopiedLength = 3 * 1024 * 1024;

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

type Container = JsonRecord | unknown[];

export function jsonPatch(target: unknown, patch: unknown): unknown {
  const operations = readOperations(patch);
  let document = structuredClone(target);
  let copiedLength = 0;
  for (const [i, operation] of operations.entries()) {
    const where = `operation ${i} (${operation.op} ${operation.path})`;
    if (operation.op === "copy") {
      copiedLength += JSON.stringify(read(document, operation.from ?? "", where))?.length ?? 0;
      if (copiedLength > maxCopiedLength) throw broken(where, "the patch copies too much", "too-large");
    }
    document = apply(document, operation, where);
  }
  return document;
}

function readOperations(patch: unknown): readonly Operation[] {
  if (!Array.isArray(patch)) throw new Problem("bad-request", "a JSON patch is a list of operations");
  if (patch.length > maxOperations) {
    throw new Problem("too-large", `a JSON patch may have ${maxOperations} operations; this one has ${patch.length}`);
  }
  return patch.map((entry: unknown, i) => {
    if (!isRecord(entry) || typeof entry.op !== "string" || typeof entry.path !== "string") {
      throw new Problem("bad-request", `operation ${i} of the JSON patch needs \`op\` and \`path\``);
    }
    const from = entry.from;
    if ((entry.op === "move" || entry.op === "copy") && typeof from !== "string") {
      throw new Problem("bad-request", `operation ${i} of the JSON patch needs \`from\``);
    }
    if (["add", "replace", "test"].includes(entry.op) && !Object.hasOwn(entry, "value")) {
      throw new Problem("bad-request", `operation ${i} of the JSON patch needs \`value\``);
    }
    return {
      op: entry.op,
      path: entry.path,
      value: entry.value,
      ...(typeof from === "string" && { from }),
    };
  });
}

function apply(document: unknown, { op, path, from = "", value }: Operation, where: string): unknown {
  switch (op) {
    case "add":
      return add(document, path, structuredClone(value), where);
    case "remove":
      return remove(document, path, where);
    case "replace":
      read(document, path, where);
      return path === "" ? structuredClone(value) : replace(document, path, structuredClone(value), where);
    case "copy":
      return add(document, path, structuredClone(read(document, from, where)), where);
    case "move": {
      if (path.startsWith(`${from}/`)) throw broken(where, "a value cannot move into itself");
      const moved = read(document, from, where);
      return path === from ? document : add(remove(document, from, where), path, moved, where);
    }
    case "test":
      if (!jsonEqual(read(document, path, where), value)) throw broken(where, "the value is another one");
      return document;
    default:
      throw new Problem("bad-request", `${where}: there is no operation \`${op}\``);
  }
}

function pointer(path: string, where: string): readonly string[] {
  if (path === "") return [];
  if (!path.startsWith("/")) throw broken(where, "a path is empty or starts with `/`");
  return path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(document: unknown, path: string, where: string): unknown {
  let value = document;
  for (const part of pointer(path, where)) {
    const container = containerOf(value, where);
    value = Array.isArray(container) ? container[existingIndex(container, part, where)] : own(container, part, where);
  }
  return value;
}

/** The container that holds the path's last part. */
function parentOf(document: unknown, path: string, where: string): { parent: Container; last: string } {
  const slash = path.lastIndexOf("/");
  const last = pointer(path, where).at(-1) ?? "";
  return { parent: containerOf(read(document, path.slice(0, slash), where), where), last };
}

function add(document: unknown, path: string, value: unknown, where: string): unknown {
  if (path === "") return value;
  const { parent, last } = parentOf(document, path, where);
  if (!Array.isArray(parent)) parent[last] = value;
  else if (last === "-") parent.push(value);
  else parent.splice(index(last, parent.length, where), 0, value);
  return document;
}

function replace(document: unknown, path: string, value: unknown, where: string): unknown {
  const { parent, last } = parentOf(document, path, where);
  if (Array.isArray(parent)) parent[existingIndex(parent, last, where)] = value;
  else parent[last] = value;
  return document;
}

function remove(document: unknown, path: string, where: string): unknown {
  if (path === "") return undefined;
  const { parent, last } = parentOf(document, path, where);
  if (Array.isArray(parent)) parent.splice(existingIndex(parent, last, where), 1);
  else {
    own(parent, last, where);
    delete parent[last];
  }
  return document;
}

function containerOf(value: unknown, where: string): Container {
  if (Array.isArray(value) || isRecord(value)) return value;
  throw broken(where, "the path leads through a value that is neither object nor list");
}

function own(record: JsonRecord, name: string, where: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  throw broken(where, `there is no field \`${name.slice(0, 100)}\``);
}

function existingIndex(list: readonly unknown[], part: string, where: string): number {
  return index(part, list.length - 1, where);
}

function index(part: string, most: number, where: string): number {
  const position = /^(0|[1-9][0-9]{0,9})$/.test(part) ? Number(part) : Number.NaN;
  if (position <= most) return position;
  throw broken(where, `there is no element \`${part.slice(0, 100)}\``);
}

function broken(where: string, message: string, code: "invalid" | "too-large" = "invalid"): Problem {
  return new Problem(code, `${where}: ${message}`);
}
