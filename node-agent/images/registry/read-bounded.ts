/** Reads small answers whole, and large ones not at all. */
import { Problem } from "#proto/kit/problem.ts";

/** Problem `invalid` as soon as there is more than `limit`. */
export async function readBounded(body: AsyncIterable<Uint8Array>, limit: number, object: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new Problem("invalid", `${object} is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
