/** The API's calls that sessions and identity answer. Glue only: the API has authenticated and authorized the caller. */
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import type { ApiExtensions } from "./api/extensions.ts";
import type { Issuing } from "./identity/issuing.ts";
import type { StreamService } from "./sessions/stream-service.ts";

export interface ApiExtensionsOptions {
  readonly issuing: Issuing;
  readonly streams: StreamService;
  readonly status: () => Promise<ClusterStatus>;
}

export function apiExtensions({ issuing, streams, status }: ApiExtensionsOptions): ApiExtensions {
  return {
    stream: async (call, caller) => {
      await streams.serve(
        { requests: call.requests, send: (frame) => call.send(frame), signal: call.signal },
        (access) => caller.authorize(access),
      );
    },
    createJoinToken: (request, { caller, signal }) => issuing.createJoinToken(request, caller.user, signal),
    issueUserCertificate: (request) => issuing.issueUserCertificate(request),
    clusterStatus: async () => ({ status: Buffer.from(JSON.stringify(await status())) }),
  };
}
