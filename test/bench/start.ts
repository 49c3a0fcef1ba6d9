/** orchctl run --rm IMAGE true beside docker run --rm: whole commands, in turn. */
import { image } from "../e2e/support/manifests.ts";
import { commandsInTurn } from "./commands-in-turn.ts";

export const startTime = commandsInTurn({
  name: "start",
  what: "orchctl run --rm IMAGE true, beside docker run --rm",
  nodes: 3,
  warmUps: 2,
  runs: 15,
  ours: ["run", "--rm", image, "true"],
  peer: ["run", "--rm", image, "true"],
  peerName: "docker run --rm",
  mostRatio: 0.6,
  condition: "busybox image present",
});
