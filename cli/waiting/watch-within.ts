/** A watch that is printed as it goes: without an end, unless `--request-timeout` gives it one, which is then its good end. */
import type { ApiClient, WatchAnswer } from "../client/api-client.ts";
import type { Environment, GlobalOptions } from "../environment.ts";

export async function* watchWithin(
  api: Pick<ApiClient, "watch">,
  resource: string,
  query: Parameters<ApiClient["watch"]>[1],
  { watchTimeoutMs }: GlobalOptions,
  { clock, signal }: Pick<Environment, "clock" | "signal">,
): AsyncGenerator<WatchAnswer, void, undefined> {
  const ended = new AbortController();
  const timer = watchTimeoutMs === undefined ? undefined : clock.after(watchTimeoutMs, () => ended.abort());
  try {
    yield* api.watch(resource, query, AbortSignal.any([signal, ended.signal]));
  } catch (thrown) {
    if (!ended.signal.aborted || signal.aborted) throw thrown;
  } finally {
    timer?.cancel();
  }
}
