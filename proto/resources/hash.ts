/** Canonical JSON (sorted keys, nothing undefined) and the short hash that names ReplicaSets. */
import { Problem } from "../kit/problem.ts";
import type { PodTemplateSpec } from "./pod.ts";

const deepest = 512;

/** The same text for equal values, whatever the order of their keys. Problem `too-large` beyond 512 levels. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value, 0));
}

function sorted(value: unknown, depth: number): unknown {
  if (depth > deepest) throw new Problem("too-large", `the object is nested more than ${deepest} levels deep`);
  if (Array.isArray(value)) return value.map((item) => sorted(item, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  const source = value as Record<string, unknown>;
  for (const key of Object.keys(source).sort()) {
    if (source[key] !== undefined) copy[key] = sorted(source[key], depth + 1);
  }
  return copy;
}

/** FNV-1a, 32 bit, over UTF-8. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, "utf8")) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** Digits in an alphabet that spells no words and fits names and label values. */
export function safeEncode(digits: string): string {
  let encoded = "";
  for (let i = 0; i < digits.length; i++) encoded += alphabet[digits.charCodeAt(i) % alphabet.length];
  return encoded;
}

/** Same template, same hash; `collisionCount` moves on when two templates meet on one. */
export function podTemplateHash(template: PodTemplateSpec, collisionCount = 0): string {
  const suffix = collisionCount > 0 ? `#${collisionCount}` : "";
  return safeEncode(String(fnv1a(canonicalJson(template) + suffix)));
}
