import { fileURLToPath } from "node:url";
import { testInNetworkNamespace } from "../runtime/network-namespace.ts";

testInNetworkNamespace(
  "an agent whose state is deleted, truncated, flipped or a day old touches no running container and works on",
  fileURLToPath(new URL("./state-faults.inside.ts", import.meta.url)),
);
