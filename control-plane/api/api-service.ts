/** The Api service: who calls, and a handler for every method. */
import { carrier, type ServiceHandlers, unary } from "#proto/kit/rpc/handlers.ts";
import { version } from "#proto/kit/version.ts";
import type { apiService } from "#proto/wire/generated/services.ts";
import type { ApiEnvironment } from "./environment.ts";
import type { ApiExtensions } from "./extensions.ts";
import { callOf, deleteHandlers, extensionHandlers, readHandlers, writeHandlers } from "./handlers.ts";
import { ObjectEncoder } from "./read/encode.ts";
import { defaultWatchLimits, WatchCounter, type WatchLimits } from "./watch-limits.ts";

export interface ApiServiceOptions {
  readonly cluster: string;
  readonly extensions: ApiExtensions;
  readonly watchLimits?: WatchLimits;
}

/** What this server can do beyond what its version says. */
const features: readonly string[] = ["apply", "patch", "watch-bookmarks"];

/** Calls under way of one stream that carries them: enough for the store to write them together. */
const carriedAtOnce = 32;

/** To be added to an `RpcServer` as handlers of `apiService`. */
export function createApiHandlers(
  env: ApiEnvironment,
  { cluster, extensions, watchLimits = defaultWatchLimits }: ApiServiceOptions,
): ServiceHandlers<typeof apiService> {
  const encoder = new ObjectEncoder();
  return {
    hello: unary(async (_request, context) => {
      const { user, groups } = callOf(env, context).caller;
      return { version, features, cluster, user, groups };
    }),
    ...readHandlers(env, encoder, new WatchCounter(watchLimits), extensions),
    ...writeHandlers(env, encoder),
    ...deleteHandlers(env, encoder),
    ...extensionHandlers(env, extensions),
    carry: carrier(carriedAtOnce),
  };
}
