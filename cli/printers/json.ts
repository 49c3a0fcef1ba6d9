/** JSON text of a value, for programs, and harmless on a terminal. */
import { escapeUnprintable } from "./table.ts";

export const jsonOf = (value: unknown): string => `${escapeUnprintable(JSON.stringify(value, undefined, 2))}\n`;
