/** Reads what another version of Orch wrote: fields that this one does not know are left out, wrong ones are still refused. */
import type { z } from "zod";
import { nodeOf } from "./fields.ts";
import { Findings } from "./findings.ts";
import { read } from "./read.ts";

/** Costs more than `safeParse` only where that fails. */
export function parseLeniently<T>(schema: z.ZodType<T>, said: unknown): ReturnType<z.ZodType<T>["safeParse"]> {
  const parsed = schema.safeParse(said);
  if (parsed.success) return parsed;
  const options = { unknown: "ignore", defaults: false, levels: false } as const;
  return schema.safeParse(read(nodeOf(schema), said, new Findings(), options));
}
