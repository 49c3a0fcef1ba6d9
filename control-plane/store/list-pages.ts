/** Lists a prefix page by page at one revision: what would not fit into one answer, and without holding it all. */
import type { Kv, ListResult } from "./kv.ts";

export interface ListPagesOptions {
  readonly prefix: string;
  readonly pageSize?: number;
  readonly keysOnly?: boolean;
}

const defaultPageSize = 500;

/** All pages carry the same revision. Throws `expired` when it was compacted meanwhile: start again. */
export async function* listPages(kv: Kv, options: ListPagesOptions, signal?: AbortSignal): AsyncIterable<ListResult> {
  const { prefix, keysOnly = false, pageSize = defaultPageSize } = options;
  let page = await kv.list({ prefix, keysOnly, limit: pageSize }, signal);
  const { revision } = page;
  while (true) {
    yield page;
    const last = page.items.at(-1);
    if (!page.more || !last) return;
    page = await kv.list({ prefix, keysOnly, limit: pageSize, after: last.key, revision }, signal);
  }
}
