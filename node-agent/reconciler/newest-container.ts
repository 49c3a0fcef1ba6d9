/** Of the runs of a container that are there, the latest. */
import type { ObservedContainer } from "./view.ts";

export function newestOf(containers: readonly ObservedContainer[], name: string): ObservedContainer | undefined {
  let newest: ObservedContainer | undefined;
  for (const container of containers) {
    if (container.name === name && (!newest || container.attempt > newest.attempt)) newest = container;
  }
  return newest;
}
