/** What the rules of one kind are. */
import type { Findings } from "../schema/findings.ts";

/** For one kind; `T` is its type. Objects have the right shape. */
export interface RulesFor<T> {
  /** Changes the object. */
  readonly applyDefaults?: (object: T) => void;
  readonly validate: (object: T, findings: Findings) => void;
  /** What cannot be there from the start. */
  readonly validateCreate?: (object: T, findings: Findings) => void;
  /** What cannot change. `previous` was stored, so it is valid. */
  readonly validateUpdate?: (object: T, previous: T, findings: Findings) => void;
}
