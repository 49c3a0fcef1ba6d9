/** For tests: all that a log has to say. */
import type { LogChunks } from "./container-logs.ts";

export async function bytesOf(log: LogChunks): Promise<Buffer> {
  const parts: Buffer[] = [];
  // Copies: a chunk's memory is used again.
  for await (const chunk of log) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

export const textOf = async (log: LogChunks): Promise<string> => (await bytesOf(log)).toString();
