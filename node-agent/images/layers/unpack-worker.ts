/** Entry of the worker process: takes one job at a time over IPC, answers, and ends when its parent disconnects. */
import { rmSync } from "node:fs";
import { Problem } from "#proto/kit/problem.ts";
import { Arrival } from "./arriving-blob.ts";
import { type UnpackJob, unpackLayer } from "./unpack-layer.ts";

export type UnpackAnswer =
  | { readonly done: true }
  | { readonly problem: { readonly code: Problem["code"]; readonly message: string; readonly hint?: string } };

/** So many bytes of the job's blob can be read now. */
export interface UnpackNews {
  readonly readableBytes: number;
}

const current = { arrival: new Arrival() };

process.on("message", (message: UnpackJob | UnpackNews) => {
  if ("readableBytes" in message) {
    current.arrival.reach(message.readableBytes);
    return;
  }
  current.arrival = new Arrival();
  if (!process.connected) current.arrival.end(); // the job was the last thing its agent said
  void answer(message, current.arrival).then((reply) => {
    // An agent that was killed takes nothing over, and its successor may have tidied up before we noticed.
    const giveUp = (): void => rmSync(message.path, { recursive: true, force: true });
    if (process.connected) process.send?.(reply, (thrown: Error | null) => thrown && giveUp());
    else giveUp();
  });
});
process.on("disconnect", () => current.arrival.end());

async function answer(job: UnpackJob, arrival: Arrival): Promise<UnpackAnswer> {
  try {
    await unpackLayer(job, () => !process.connected, arrival);
    return { done: true };
  } catch (thrown) {
    const { code, message, hint } = Problem.from(thrown);
    return { problem: { code, message, ...(hint === undefined ? {} : { hint }) } };
  } finally {
    arrival.end(); // whoever still waits for more of the blob leaves it
  }
}
