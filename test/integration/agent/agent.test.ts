import { fileURLToPath } from "node:url";
import { testInNetworkNamespace } from "../runtime/network-namespace.ts";

testInNetworkNamespace(
  "a real agent runs, adopts, restarts and removes real containers",
  fileURLToPath(new URL("./agent.inside.ts", import.meta.url)),
);
