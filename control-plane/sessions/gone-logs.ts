/** Logs of a pod that is gone: nobody remembers where it ran, so the nodes are asked one after the other. */
import { Problem } from "#proto/kit/problem.ts";
import { decodeProblem } from "#proto/kit/rpc/problem-status.ts";
import type { Frame, StreamEnd } from "./stream-broker.ts";
import type { StreamOpen } from "./stream-target.ts";

/** A node that does not answer in this time is left out by the broker. */
type Open = (node: string, open: StreamOpen) => Promise<StreamEnd>;

/** The first node that has them. Throws Problem `not-found` when none does, naming those that could not be asked. */
export async function findGoneLogs(open: StreamOpen, nodes: readonly string[], ask: Open): Promise<StreamEnd> {
  const silent: string[] = [];
  for (const node of nodes) {
    const agent = await ask(node, open).catch((thrown: unknown) => {
      if (!Problem.is(thrown)) throw thrown;
      silent.push(node);
      return undefined;
    });
    if (!agent) continue;
    const first = await agent.frames.next();
    const problem = first.done ? undefined : first.value.result?.problem;
    const isElsewhere = first.done || (problem?.length && decodeProblem(problem).code === "not-found");
    if (!isElsewhere) return { ...agent, send: agent.send, close: agent.close, frames: after(first, agent.frames) };
    agent.close();
  }
  const object = `Pod ${open.namespace}/${open.pod}`;
  const unasked = silent.length === 0 ? "" : `; nodes that could not be asked: ${silent.slice(0, 20).join(", ")}`;
  throw new Problem("not-found", `there is no pod "${open.pod}", and no node keeps logs of one${unasked}`, {
    object,
    hint: `Logs of pods that are gone are kept for a day. What is there: \`orchctl get pods -n ${open.namespace}\`.`,
  });
}

/** What was read already comes again, before the rest. */
async function* after(
  first: IteratorResult<Frame, unknown>,
  rest: AsyncIterator<Frame>,
): AsyncGenerator<Frame, void, undefined> {
  if (!first.done) yield first.value;
  for (let item = await rest.next(); !item.done; item = await rest.next()) yield item.value;
}
