/** Who wants to hear containers from their first byte: told when the container is made, and what the plan looks at before it starts it. */
import type { Listening } from "./view.ts";

interface Listener {
  readonly container: string;
  state: Listening;
  readonly onCreated: () => void;
}

export class Listeners {
  readonly #pods = new Map<string, Set<Listener>>();
  /** Something is different for the plan of this pod. */
  onChange: (podUid: string) => void = () => undefined;

  /** `onCreated` is called when the container was made and is not started yet. Leave when it is over. */
  join(podUid: string, container: string, onCreated: () => void): { attached(): void; leave(): void } {
    const listener: Listener = { container, state: "waiting", onCreated };
    const all = this.#pods.get(podUid) ?? new Set();
    this.#pods.set(podUid, all.add(listener));
    return {
      attached: () => {
        listener.state = "attached";
        this.onChange(podUid);
      },
      leave: () => {
        all.delete(listener);
        if (all.size === 0 && this.#pods.get(podUid) === all) this.#pods.delete(podUid);
        this.onChange(podUid);
      },
    };
  }

  created(podUid: string, container: string): void {
    for (const listener of this.#pods.get(podUid) ?? []) if (listener.container === container) listener.onCreated();
  }

  /** By container. Attached, if anybody is. */
  of(podUid: string): Readonly<Record<string, Listening>> {
    const states: Record<string, Listening> = {};
    for (const { container, state } of this.#pods.get(podUid) ?? [])
      if (states[container] !== "attached") states[container] = state;
    return states;
  }
}
