/** Carries frames between a client and an agent, both ways, holding each to the credit the other has granted. */
import { Problem } from "#proto/kit/problem.ts";
import { encodeProblem } from "#proto/kit/rpc/problem-status.ts";
import { Credit } from "./credit.ts";
import type { Frame, StreamEnd } from "./stream-broker.ts";

/**
 * Resolves after the agent's result went to the client, or when the client is gone. A frame is read only when the one
 * before it was taken, so this process holds one frame per direction besides what the transport's windows hold.
 */
export async function pipeStream(client: StreamEnd, agent: StreamEnd): Promise<void> {
  const [toAgent, toClient] = [new Credit(), new Credit()];
  const upwards = carry(client, agent, "the client", toAgent, toClient, isForAgent);
  const downwards = carry(agent, client, "the agent", toClient, toAgent, isForClient);
  // Upwards may end early (half close); only its failure ends the stream.
  const upwardsFailed = new Promise<never>((_, reject) => void upwards.catch(reject));
  try {
    const finished = await Promise.race([downwards, upwardsFailed]);
    if (!finished) await client.send(lostResult());
    agent.close();
  } catch (thrown) {
    const problem = Problem.from(client.signal.aborted ? client.signal.reason : thrown);
    agent.close(problem);
    if (client.signal.aborted) return;
    await client.send({ result: { exitCode: 1, problem: encodeProblem(agent.signal.aborted ? lost() : problem) } });
  }
}

/** Until the source ends; true when it ended with a result. */
async function carry(
  from: StreamEnd,
  to: StreamEnd,
  who: string,
  credit: Credit,
  opposite: Credit,
  isAllowed: (frame: Frame) => boolean,
): Promise<boolean> {
  for (let item = await from.frames.next(); !item.done; item = await from.frames.next()) {
    const frame = item.value;
    if (!isAllowed(frame)) throw new Problem("bad-request", `${who} sent a frame that has no place here`);
    credit.use((frame.data?.length ?? 0) + (frame.errorData?.length ?? 0), who);
    if (frame.credit) opposite.grant(frame.credit);
    await to.send(frame);
    if (frame.result) return true;
  }
  return false;
}

const isForAgent = (frame: Frame): boolean => !frame.open && !frame.errorData && !frame.result && !frame.ready;
const isForClient = (frame: Frame): boolean => !frame.open && !frame.resize && !frame.signal;

function lost(): Problem {
  return new Problem("unavailable", "the connection to the node broke", { hint: "Try again when the node is ready." });
}

function lostResult(): Frame {
  return { result: { exitCode: 1, problem: encodeProblem(lost()) } };
}
