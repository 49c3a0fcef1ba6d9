/**
 * Notices when a container's conmon dies before it has written the exit file (killed by hand, or for memory): then the container's own
 * end has to be watched, or nobody would ever hear of it.
 */
import type { Logger } from "#proto/kit/logger.ts";
import { watchExit } from "../host/process-exit.ts";
import type { ProcessIdentity } from "../host/processes.ts";

export interface WatchedContainer {
  supervisor(): Promise<ProcessIdentity | undefined>;
  process(): Promise<ProcessIdentity | undefined>;
  hasExited(): boolean;
}

export class SupervisorWatch {
  readonly #logger: Logger;
  readonly #onLost: (id: string) => void;
  readonly #stops = new Map<string, () => void>();

  /** `onLost`: the container has ended, and its supervisor will not say so. */
  constructor(logger: Logger, onLost: (id: string) => void) {
    this.#logger = logger;
    this.#onLost = onLost;
  }

  async watch(id: string, container: WatchedContainer): Promise<void> {
    if (container.hasExited()) return;
    await this.#watchProcess(id, await container.supervisor(), () => this.#supervisorGone(id, container));
  }

  forget(id: string): void {
    this.#stops.get(id)?.();
    this.#stops.delete(id);
  }

  close(): void {
    for (const id of [...this.#stops.keys()]) this.forget(id);
  }

  async #supervisorGone(id: string, container: WatchedContainer): Promise<void> {
    if (container.hasExited()) return;
    this.#logger.warn({ container: id }, "conmon ended before its container: no more logs, and no exit code");
    await this.#watchProcess(id, await container.process(), async () => this.#onLost(id));
  }

  async #watchProcess(id: string, process: ProcessIdentity | undefined, then: () => Promise<void>): Promise<void> {
    const act = (): void => {
      this.#stops.delete(id);
      then().catch((thrown: unknown) =>
        this.#logger.error({ container: id, error: thrown }, "cannot watch a container"),
      );
    };
    if (!process) return act();
    this.forget(id);
    let hasEnded = false;
    const stop = await watchExit(process, () => {
      hasEnded = true;
      act();
    });
    if (!hasEnded) this.#stops.set(id, stop);
  }
}
