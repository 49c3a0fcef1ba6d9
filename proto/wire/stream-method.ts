/** The API's method for streams by itself: who only carries a stream loads no other message. */
import { orch } from "./generated/messages/stream.js";
import { method } from "./method.ts";

export const streamMethod = method<orch.v1.Frame, orch.v1.Frame>(
  "/orch.v1.Api/Stream",
  true,
  true,
  orch.v1.Frame,
  orch.v1.Frame,
);
