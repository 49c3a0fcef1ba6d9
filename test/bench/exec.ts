/** orchctl exec POD true beside docker exec CONTAINER true: whole commands, in turn. */
import { image, pod } from "../e2e/support/manifests.ts";
import { commandsInTurn } from "./commands-in-turn.ts";

export const exec = commandsInTurn({
  name: "exec",
  what: "orchctl exec POD true, beside docker exec",
  nodes: 1,
  warmUps: 3,
  runs: 21,
  prepare: async (cluster, docker) => {
    await docker.docker("run", "-d", "--name", "idle", image, "sleep", "3600");
    await cluster.apply(pod("idle", "exec sleep 3600"), "--wait");
  },
  ours: ["exec", "idle", "--", "true"],
  peer: ["exec", "idle", "true"],
  peerName: "docker exec",
  mostRatio: 1,
  condition: "1 node",
});
