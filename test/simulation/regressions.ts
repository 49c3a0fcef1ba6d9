/**
 * Seeds that once failed, each with what was wrong then. They run with every test. A change of the simulation itself gives each seed another
 * fate: then look for one that meets the mistake again (undo the fix, run a few thousand), or keep the seed as one more.
 */

export interface Regression {
  readonly seed: number;
  readonly was: string;
}

const lostStatus = "a status that joined one of a session that was over was acknowledged and never written";

const sentAway =
  "a claim of a session by an agent that had died came late, after its successor's, and had the successor sent away for good";

const overtaken =
  "a control plane that had stood still wrote an agent's old word over what the agent had told another one meanwhile";

const takenForUseless =
  "a drained copy that was ready, but not yet available by the clock of a new leader, was taken as one that serves nobody";

export const regressions: readonly Regression[] = [
  { seed: 20_541, was: lostStatus },
  { seed: 23_427, was: lostStatus },
  { seed: 23_871, was: lostStatus },
  { seed: 148, was: "an agent that had died went on with the wishes it had forgotten (the scripted one)" },
  {
    seed: 77_801_548,
    was: "availability waited for a clock that was behind the one of the control plane that stamped the pod",
  },
  {
    seed: 77_801_598,
    was: "a change of replicas during a rollout let the new one grow before the old one had heard that it shrinks",
  },
  {
    seed: 77_802_270,
    was: "the check took a change of replicas that was shared long after it was asked for as broken promise",
  },
  {
    seed: 77_806_333,
    was: "a paused Deployment grew before another ReplicaSet had heard that it shrinks to nothing",
  },
  {
    seed: 500_324,
    was: "the check took the end of a drained copy beyond what its ReplicaSet asks for as the Deployment's broken promise",
  },
  { seed: 5_000_975, was: "the check forgot that what replaces a lost copy may be on its way for nine seconds" },
  { seed: 40_001_431, was: sentAway },
  { seed: 40_008_233, was: sentAway },
  { seed: 40_006_220, was: overtaken },
  { seed: 77_806_498, was: "the check forgot what was decided just before a person changed the replicas" },
  { seed: 40_013_408, was: takenForUseless },
  { seed: 40_018_468, was: takenForUseless },
  {
    seed: 40_012_731,
    was: "available copies were so no more when the leader's clock was set back, and drained ones among them went at once",
  },
  {
    seed: 40_009_905,
    was: "the check knew of a change of replicas only after the removal that was stored in the same write",
  },
];
