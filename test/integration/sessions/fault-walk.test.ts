import { fileURLToPath } from "node:url";
import { testInNetworkNamespace } from "../runtime/network-namespace.ts";

testInNetworkNamespace(
  "control plane and etcd are killed at every kind of write and at many moments: nothing acknowledged is lost, no container touched",
  fileURLToPath(new URL("./fault-walk.inside.ts", import.meta.url)),
);
