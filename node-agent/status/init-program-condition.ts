/** Says that a node has no program to run as containers' init process. Nothing is said where it has one. */
import type { NodeCondition } from "#proto/resources/node.ts";

export const initProgramMissing: NodeCondition = {
  type: "InitProgramMissing",
  status: "True",
  reason: "NotInstalled",
  message:
    "containers run without an init process: zombies stay, and programs without a handler miss stop signals; " +
    "install one (apt-get install tini) and restart the agent",
};
