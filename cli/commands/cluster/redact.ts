/**
 * Takes secrets out of what leaves the cluster in a support bundle. Twice: fields that may hold one lose their value wherever they
 * stand, and every value of every Secret is taken out of whatever text it turns up in (arguments, logs, events). Pure.
 */
import type { KubeObject } from "#proto/resources/object.ts";

type Json = unknown;

/** Annotations that repeat whole objects. */
const copies: ReadonlySet<string> = new Set(["kubectl.kubernetes.io/last-applied-configuration"]);
const telling = /pass(word|phrase|wd)?|secret|token|credential|api[-_]?key|private[-_]?key|auth/i;
/** Shorter values would take ordinary words out too. */
const minScrubbedLength = 6;

export function redactObject(object: KubeObject): Json {
  const plain: Json = object.kind === "Secret" || object.kind === "ConfigMap" ? withoutData(object) : object;
  return redact(plain, "");
}

/** Only which keys there are, and how long their values. */
function withoutData(object: KubeObject): Json {
  const lengths = (data: Json): Json =>
    typeof data === "object" && data !== null
      ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, taken(String(value))]))
      : undefined;
  const { data, binaryData, stringData, ...rest } = object as KubeObject & Readonly<Record<string, Json>>;
  return { ...rest, data: lengths(data), binaryData: lengths(binaryData), stringData: lengths(stringData) };
}

const taken = (value: string): string => `[taken out: ${value.length} characters]`;

function redact(value: Json, key: string): Json {
  if (typeof value === "string") return redactText(value, key);
  if (Array.isArray(value)) return value.map((item) => redact(item, key));
  if (typeof value !== "object" || value === null) return value;
  const record = value as Readonly<Record<string, Json>>;
  // `{name, value}` pairs: environment variables, headers, sysctls.
  const isPair = typeof record.name === "string" && typeof record.value === "string";
  return Object.fromEntries(
    Object.entries(record).map(([name, item]) => {
      if (copies.has(name)) return [name, taken(String(item))];
      if (isPair && name === "value") return [name, taken(String(item))];
      return [name, redact(item, name)];
    }),
  );
}

function redactText(text: string, key: string): string {
  if (/^(password|token|identityToken|auth|privateKey)$/i.test(key)) return taken(text);
  if (key !== "args" && key !== "command") return text;
  // `--db-password=x`, `TOKEN=x`, `https://user:pass@host`
  return text
    .replace(/([\w-]+)=(\S+)/g, (whole, name: string, value: string) =>
      telling.test(name) ? `${name}=${taken(value)}` : whole,
    )
    .replace(/(\/\/[^\s:/@]+:)([^\s@/]+)@/g, (_, before: string, value: string) => `${before}${taken(value)}@`);
}

/** Replaces every Secret's values in any text, as they are and as base64 writes them. */
export class Scrubber {
  readonly #patterns: readonly (readonly [string, string])[];

  constructor(secrets: readonly KubeObject[]) {
    const patterns: (readonly [string, string])[] = [];
    for (const { metadata, ...rest } of secrets) {
      const { data = {} } = rest as { readonly data?: Readonly<Record<string, string>> };
      for (const [key, encoded] of Object.entries(data)) {
        const place = `[secret ${metadata.namespace ?? ""}/${metadata.name} ${key}]`;
        const plain = Buffer.from(encoded, "base64").toString("utf8");
        for (const form of [
          plain,
          plain.trim(),
          encoded,
          encoded.replace(/=+$/, ""),
          JSON.stringify(plain).slice(1, -1),
        ])
          if (form.length >= minScrubbedLength) patterns.push([form, place]);
      }
    }
    // Longest first: one value may be a part of another.
    this.#patterns = patterns.sort(([a], [b]) => b.length - a.length);
  }

  scrub(text: string): string {
    let clean = text;
    for (const [form, place] of this.#patterns) if (clean.includes(form)) clean = clean.replaceAll(form, place);
    // What nobody made a Secret of.
    return clean
      .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, "[private key]")
      .replace(/\bORCH1\.[\w-]{43}\.[a-z2-7]{10}\.[\w-]{22}|\b[Bb]earer +[\w.~+/-]{8,}=*/g, "[token]");
  }
}
