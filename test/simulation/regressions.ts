/**
 * Seeds that once failed, each with what was wrong then. They run with every test. A change of the simulation itself gives each seed another
 * fate: then look for one that meets the mistake again (undo the fix, run a few thousand), or keep the seed as one more.
 */

export interface Regression {
  readonly seed: number;
  readonly was: string;
}

export const regressions: readonly Regression[] = [];
