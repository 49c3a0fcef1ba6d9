import { fileURLToPath } from "node:url";
import { testInNetworkNamespace } from "../runtime/network-namespace.ts";

testInNetworkNamespace(
  "a machine that was off until after its certificate's end comes back by itself, with its containers as they were",
  fileURLToPath(new URL("./expired-certificate.inside.ts", import.meta.url)),
);
