import { fileURLToPath } from "node:url";
import { testInNetworkNamespace } from "../runtime/network-namespace.ts";

testInNetworkNamespace(
  "a real agent is killed at every named step of a pod's start and stop, and its successor ends what it began",
  fileURLToPath(new URL("./fault-walk.inside.ts", import.meta.url)),
);
