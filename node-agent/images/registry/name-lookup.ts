/** Looks a registry's name up with a deadline: the system's own resolver may ask dead name servers for the better part of a minute. */
import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { systemClock } from "#proto/kit/clock.ts";
import { nameProblem } from "./transport-problem.ts";

/** In real time, as all time-outs of connections. */
export function lookupWithin(timeoutMs: number): LookupFunction {
  return (hostname, options, callback) => {
    let isAnswered = false;
    const answer: typeof callback = (...values) => {
      if (isAnswered) return;
      isAnswered = true;
      deadline.cancel();
      callback(...values);
    };
    const deadline = systemClock.after(timeoutMs, () => answer(nameProblem(hostname, "EAI_AGAIN"), ""));
    lookup(hostname, options, answer);
  };
}
