/** The API over a store in memory, behind a real gRPC server with mTLS on port 0, and clients of any user. */
import { createApiHandlers } from "#control-plane/api/api-service.ts";
import { builtInGroups } from "#control-plane/api/authorize.ts";
import { createDefaultObjects } from "#control-plane/api/bootstrap.ts";
import type { ApiEnvironment } from "#control-plane/api/environment.ts";
import type { ApiExtensions } from "#control-plane/api/extensions.ts";
import { defaultSizeLimits, type SizeLimits } from "#control-plane/api/size-limits.ts";
import type { WatchLimits } from "#control-plane/api/watch-limits.ts";
import { WatchCache } from "#control-plane/cache/watch-cache.ts";
import { BatchingObjectStore } from "#control-plane/store/batching-object-store.ts";
import { StoredEventRecorder } from "#control-plane/store/event-recorder.ts";
import { EventStore } from "#control-plane/store/event-store.ts";
import type { Kv } from "#control-plane/store/kv.ts";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import { createObjectCodec } from "#control-plane/store/object-codec.ts";
import { createSealer } from "#control-plane/store/sealer.ts";
import { createSecretSealing } from "#control-plane/store/secret-sealing.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { RpcClient } from "#proto/kit/rpc/client.ts";
import { RpcServer } from "#proto/kit/rpc/server.ts";
import { channelCredentials, TlsServerCredentials } from "#proto/kit/rpc/tls.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { type TestAuthority, testAuthority } from "./certificates.ts";

export interface TestApi {
  readonly env: ApiEnvironment;
  readonly kv: Kv;
  readonly client: RpcClient;
  /** `HOST:PORT`, for clients of their own. */
  readonly address: string;
  readonly authority: TestAuthority;
  /** `subject` as `CN=ada, O=orch:viewers`. */
  connect(subject: string): Promise<RpcClient>;
  stop(): Promise<void>;
}

export interface TestApiOptions {
  readonly kv?: Kv;
  readonly extensions?: Partial<ApiExtensions>;
  readonly watchLimits?: WatchLimits;
  readonly sizes?: SizeLimits;
  readonly history?: { readonly maxChanges?: number; readonly bookmarkAfterMs?: number };
}

const serverName = "control-plane.test.orch";

export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const stopping = new AbortController();
  const kv = options.kv ?? new MemoryKv({ clock: systemClock });
  const env = createEnvironment(kv, options);
  await createDefaultObjects(env, stopping.signal);
  await env.cache.start(stopping.signal);
  const authority = await testAuthority();
  const server = new RpcServer({ clock: systemClock, logger: silentLogger });
  server.add(
    apiService,
    createApiHandlers(env, {
      cluster: "test",
      extensions: { ...noExtensions, ...options.extensions },
      ...(options.watchLimits && { watchLimits: options.watchLimits }),
    }),
  );
  const tls = new TlsServerCredentials(await authority.issue("CN=control-plane", [serverName]), {
    requireClientCertificate: true,
  });
  const port = await server.listen("127.0.0.1:0", tls);
  const clients: RpcClient[] = [];
  const connect = async (subject: string): Promise<RpcClient> => {
    const credentials = channelCredentials(authority.pem, await authority.issue(subject));
    const client = new RpcClient({ address: `127.0.0.1:${port}`, credentials, serverName, clock: systemClock });
    clients.push(client);
    return client;
  };
  const client = await connect("CN=admin, O=system:masters");
  const stop = async (): Promise<void> => {
    for (const each of clients) each.close();
    await server.stop(200);
    stopping.abort();
    await kv.close();
  };
  return { env, kv, client, address: `127.0.0.1:${port}`, authority, connect, stop };
}

/** The API without a server, for tests that call verbs directly. */
export function createEnvironment(kv: Kv, options: TestApiOptions = {}): ApiEnvironment {
  const key = { id: "test", secret: Buffer.alloc(32, 7) };
  const codec = createObjectCodec(createSecretSealing(createSealer([key], systemRandom)));
  const base = { kv, codec, clock: systemClock, random: systemRandom, logger: silentLogger };
  const events = new EventStore({ kv, codec, clock: systemClock });
  return {
    ...base,
    cache: new WatchCache({ ...base, indexes: [], ...(options.history && { history: options.history }) }),
    store: new BatchingObjectStore({ kv, codec }),
    events,
    recorder: new StoredEventRecorder({ ...base, store: events }),
    authorizer: builtInGroups,
    sizes: options.sizes ?? defaultSizeLimits,
  };
}

const notHere = (): never => {
  throw new Problem("unsupported", "not part of this test");
};
const noExtensions: ApiExtensions = {
  stream: notHere,
  createJoinToken: notHere,
  issueUserCertificate: notHere,
  clusterStatus: notHere,
  usage: notHere,
  raw: notHere,
};
