/** The calls of the API that other pieces implement; wiring joins them. They get the caller and how to ask for permission. */
import type { BidiCall } from "#proto/kit/rpc/handlers.ts";
import type { Sendable } from "#proto/kit/rpc/sendable.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { Access } from "./authorize.ts";
import type { Call } from "./environment.ts";
import type { UsageSource } from "./usage/usage-verbs.ts";

export interface ExtensionCall extends Call {
  /** Throws `forbidden`. */
  authorize(access: Access): void;
}

/** Each call was authenticated; `authorize` was asked for all but `stream`, which does it once it knows its target. */
export interface ApiExtensions extends UsageSource {
  stream(call: BidiCall<orch.v1.Frame, orch.v1.Frame>, caller: ExtensionCall): Promise<void>;
  createJoinToken(
    request: orch.v1.CreateJoinTokenRequest,
    caller: ExtensionCall,
  ): Promise<Sendable<orch.v1.CreateJoinTokenReply>>;
  issueUserCertificate(
    request: orch.v1.IssueUserCertificateRequest,
    caller: ExtensionCall,
  ): Promise<Sendable<orch.v1.CertificateReply>>;
  raw(request: orch.v1.RawRequest, caller: ExtensionCall): Promise<Sendable<orch.v1.RawReply>>;
  clusterStatus(
    request: orch.v1.ClusterStatusRequest,
    caller: ExtensionCall,
  ): Promise<Sendable<orch.v1.ClusterStatusReply>>;
}
