/** JSON for OCI runtimes: "no limit" is the largest 64-bit number there, which JavaScript's own numbers cannot spell. */

const unlimited = "18446744073709551615";

export function toOciJson(document: unknown): string {
  return JSON.stringify(document, (_, value: unknown) =>
    typeof value === "number" && value >= 2 ** 63 ? rawNumber(unlimited) : value,
  );
}

const rawNumber = (text: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
