/**
 * Reads JSON against a schema: one walk that checks types, finds unknown fields, minds levels, drops nulls (Kubernetes reads
 * null as absent), spells quantities canonically and fills in constant defaults. Never throws, never changes its input.
 */
import { formatPath } from "./field-path.ts";
import type { Field, ListNode, MapNode, ObjectNode, TypeNode } from "./fields.ts";
import type { CauseReason, Findings } from "./findings.ts";
import { isHarmless } from "./harmless.ts";
import { readScalar, typeName } from "./scalar.ts";
import { nearestWord } from "./suggest.ts";

/** What becomes of fields the schema does not know: an error, a warning and dropped, dropped, or left for a later check. */
export type UnknownFields = "strict" | "warn" | "ignore" | "keep";

export interface ReadOptions {
  readonly unknown: UnknownFields;
  readonly defaults: boolean;
  /** Whether accepted fields warn and refused fields are causes. */
  readonly levels: boolean;
}

type Json = Record<string, unknown>;

export function read(type: TypeNode, input: unknown, findings: Findings, options: ReadOptions): unknown {
  return new Reader(findings, options).value(type, input);
}

class Reader {
  readonly #findings: Findings;
  readonly #options: ReadOptions;
  readonly #path: (string | number)[] = [];

  constructor(findings: Findings, options: ReadOptions) {
    this.#findings = findings;
    this.#options = options;
  }

  value(type: TypeNode, input: unknown): unknown {
    switch (type.kind) {
      case "object":
        return this.#object(type, input);
      case "list":
        return this.#list(type, input);
      case "map":
        return this.#map(type, input);
      case "freeform":
        return isRecord(input) ? input : this.#mistyped("an object", input);
      default: {
        const result = readScalar(type, input);
        return result.ok ? result.value : this.#misshapen(result.reason, result.message, input);
      }
    }
  }

  #object(type: ObjectNode, input: unknown): unknown {
    if (!isRecord(input)) return this.#mistyped("an object", input);
    const output: Json = {};
    for (const key of Object.keys(input)) {
      if (this.#findings.full) break;
      const given = input[key];
      if (given === null || given === undefined) continue;
      const field = type.fields.get(key);
      this.#path.push(key);
      if (field === undefined) this.#unknown(type, key, given, output);
      else {
        if (this.#options.levels && field.level !== "works") this.#level(field, given);
        output[key] = this.value(field.type, given);
      }
      this.#path.pop();
    }
    for (const field of type.absentable) {
      if (output[field.name] === undefined) this.#absent(field, output);
    }
    return output;
  }

  #absent(field: Field, output: Json): void {
    this.#path.push(field.name);
    if (field.required) {
      this.#findings.required(this.#path);
      this.#findings.misshapen = true;
    } else if (this.#options.defaults) output[field.name] = this.value(field.type, field.default);
    this.#path.pop();
  }

  #unknown(type: ObjectNode, key: string, given: unknown, output: Json): void {
    const { unknown } = this.#options;
    if (unknown === "keep" && key !== "__proto__") output[key] = given;
    if (unknown !== "strict" && (unknown !== "warn" || this.#findings.warningsFull)) return;
    const near = nearestWord(key, type.fields.keys());
    const message = `unknown field${near === undefined ? "" : `; did you mean \`${near}\`?`}`;
    if (unknown === "strict") this.#findings.invalid(this.#path, message);
    else this.#warn(`${message}; it is dropped`);
  }

  #level(field: Field, given: unknown): void {
    if (isHarmless(field, given)) return;
    if (field.level === "refused") this.#findings.forbidden(this.#path, `refused: ${field.reason}`);
    else this.#warn(`has no effect: ${field.reason}`);
  }

  #list(type: ListNode, input: unknown): unknown {
    if (!Array.isArray(input)) return this.#mistyped("a list", input);
    const output: unknown[] = [];
    for (let i = 0; i < input.length && !this.#findings.full; i++) {
      this.#path.push(i);
      output.push(this.value(type.item, input[i]));
      this.#path.pop();
    }
    return output;
  }

  #map(type: MapNode, input: unknown): unknown {
    if (!isRecord(input)) return this.#mistyped("an object", input);
    const output: Json = {};
    for (const key of Object.keys(input)) {
      if (this.#findings.full) break;
      this.#path.push(key);
      if (key === "__proto__") this.#findings.invalid(this.#path, "this key is reserved");
      // Kubernetes reads null in a map of texts as the empty text.
      else output[key] = this.value(type.value, input[key] ?? (type.value.kind === "string" ? "" : null));
      this.#path.pop();
    }
    return output;
  }

  #mistyped(wanted: string, input: unknown): unknown {
    return this.#misshapen("FieldValueTypeInvalid", `must be ${wanted}, not ${typeName(input)}`, input);
  }

  #misshapen(reason: CauseReason, message: string, input: unknown): unknown {
    this.#findings.add(this.#path, reason, message);
    this.#findings.misshapen = true;
    return input;
  }

  #warn(message: string): void {
    this.#findings.warn(`${formatPath(this.#path)}: ${message}`);
  }
}

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
