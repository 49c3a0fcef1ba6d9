/** Entry of the worker process: takes one job at a time over IPC, answers, and ends when its parent disconnects. */
import { Problem } from "#proto/kit/problem.ts";
import { type UnpackJob, unpackLayer } from "./unpack-layer.ts";

export type UnpackAnswer =
  | { readonly done: true }
  | { readonly problem: { readonly code: Problem["code"]; readonly message: string; readonly hint?: string } };

process.on("message", (job: UnpackJob) => {
  void answer(job).then((reply) => {
    if (process.connected) process.send?.(reply);
  });
});

async function answer(job: UnpackJob): Promise<UnpackAnswer> {
  try {
    await unpackLayer(job, () => !process.connected);
    return { done: true };
  } catch (thrown) {
    const { code, message, hint } = Problem.from(thrown);
    return { problem: { code, message, ...(hint === undefined ? {} : { hint }) } };
  }
}
