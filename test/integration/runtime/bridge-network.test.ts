import { fileURLToPath } from "node:url";
import { testInNetworkNamespace } from "./network-namespace.ts";

testInNetworkNamespace(
  "the bridge network keeps its contract and its rules",
  fileURLToPath(new URL("./bridge-network.inside.ts", import.meta.url)),
);
