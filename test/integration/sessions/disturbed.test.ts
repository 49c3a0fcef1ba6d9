import { fileURLToPath } from "node:url";
import { testInNetworkNamespace } from "../runtime/network-namespace.ts";

testInNetworkNamespace(
  "agent, control plane and etcd stand still, lose one another one way and both ways, and find together again",
  fileURLToPath(new URL("./disturbed.inside.ts", import.meta.url)),
);
