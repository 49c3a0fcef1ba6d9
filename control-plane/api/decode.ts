/** Bodies of requests: JSON bytes from strangers, read within bounds. */
import { Problem } from "#proto/kit/problem.ts";
import { isRecord, type JsonRecord } from "./patch/json.ts";

const maxDepth = 64;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The body as JSON. Refuses what is too large, too deep, no UTF-8, no JSON, or has a member `__proto__`. */
export function decodeJson(bytes: Uint8Array, maxBytes: number): unknown {
  if (bytes.byteLength > maxBytes) throw tooLarge(bytes, maxBytes);
  if (bytes.byteLength === 0) throw new Problem("bad-request", "the body is empty; it must be a JSON object");
  const value = parse(bytes);
  check(value, 0);
  return value;
}

/** The body as a JSON object. */
export function decodeRecord(bytes: Uint8Array, maxBytes: number): JsonRecord {
  const value = decodeJson(bytes, maxBytes);
  if (isRecord(value)) return value;
  throw new Problem("bad-request", "the body must be a JSON object");
}

/** Says which field it is. */
function tooLarge(bytes: Uint8Array, maxBytes: number): Problem {
  const body = parse(bytes);
  check(body, 0);
  const { path, bytes: partBytes } = largestPart(body);
  const message = `the body has ${bytes.byteLength} bytes; an object may have ${maxBytes}`;
  return new Problem("too-large", path === "" ? message : `${message}: ${path} alone takes ${partBytes}`, {
    hint: "Move large data out of the object, to a volume or an image.",
    ...(path !== "" && { causes: [{ path, message: `takes ${partBytes} bytes`, reason: "FieldValueTooLong" }] }),
  });
}

/** Follows the member that takes most of its parent, as long as there is one. */
function largestPart(body: unknown): { readonly path: string; readonly bytes: number } {
  let [value, path, bytes] = [body, "", sizeOf(body)];
  for (let depth = 0; depth < maxDepth && typeof value === "object" && value !== null; depth++) {
    const isList = Array.isArray(value);
    const parts = Object.entries(value).map(([name, part]) => ({ name, part: part as unknown, bytes: sizeOf(part) }));
    const largest = parts.reduce((most, part) => (part.bytes > most.bytes ? part : most), {
      ...{ name: "", part: undefined as unknown, bytes: 0 },
    });
    if (largest.bytes * 2 < bytes) break;
    const name = largest.name.slice(0, 253);
    path += isList ? `[${name}]` : path === "" ? name : `.${name}`;
    [value, bytes] = [largest.part, largest.bytes];
  }
  return { path, bytes };
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? "");

function parse(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new Problem("bad-request", "the body is not UTF-8", { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("bad-request", `the body is not JSON: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

function check(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth >= maxDepth) throw new Problem("bad-request", `the body is nested deeper than ${maxDepth} levels`);
  if (Array.isArray(value)) {
    for (const item of value) check(item, depth + 1);
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    if (name === "__proto__") throw new Problem("bad-request", "a field cannot have the name `__proto__`");
    check(inner, depth + 1);
  }
}
