/** What an agent was making when it was killed: never started, and in the way of the attempt that has its id. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { endProcessesNaming } from "../host/processes.ts";
import { readRecord } from "./container-record.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import { endLeftExecs } from "./exec.ts";

export interface HalfMadeParts {
  readonly ids: readonly string[];
  readonly bundle: (id: string) => string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const endTimeoutMs = 5_000;

/** Also ends what a predecessor ran in those that are whole. One that cannot be removed is left for the next look. */
export async function removeHalfMade(
  runtime: Pick<ContainerRuntime, "inspect" | "remove">,
  { ids, bundle, clock, logger }: HalfMadeParts,
): Promise<void> {
  for (const id of ids) {
    try {
      await runtime.inspect(id); // takes up what was created and not noted
      if (await readRecord(bundle(id))) await endLeftExecs(id, bundle(id));
      else await endProcessesNaming(bundle(id), clock, endTimeoutMs).then(() => runtime.remove(id));
    } catch (thrown) {
      logger.warn({ container: id, error: String(thrown) }, "a half-made container could not be removed");
    }
  }
}
