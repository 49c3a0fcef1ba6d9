import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuthContext } from "@grpc/grpc-js/build/src/auth-context.js";
import { peerIdentity } from "./identity.ts";

test("a peer without a certificate is nobody: who joins has none yet", () => {
  assert.equal(peerIdentity({}), undefined);
  // What Node gives for such a connection.
  assert.equal(peerIdentity({ sslPeerCertificate: {} } as unknown as AuthContext), undefined);
});
