/** A watch's events revision by revision: what one transaction did belongs together. */
import type { WatchEvent } from "#control-plane/store/kv.ts";

export function* byRevision(events: readonly WatchEvent[]): Iterable<readonly WatchEvent[]> {
  let from = 0;
  for (let at = 1; at <= events.length; at++) {
    if (at < events.length && events[at]?.modRevision === events[from]?.modRevision) continue;
    yield events.slice(from, at);
    from = at;
  }
}
