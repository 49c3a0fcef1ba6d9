/** What agents can do beyond what every version of them could: said in their hello, so that an older one is not asked for it. */

export const agentFeatures = ["metrics"] as const;
export type AgentFeature = (typeof agentFeatures)[number];
