/**
 * Work that several ask for at once is done once. It is canceled when the last who asked has gone, and each can go alone.
 */
import { Problem } from "#proto/kit/problem.ts";

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  passengers: number;
}

export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Whether somebody is at it now. */
  has(key: string): boolean {
    return this.#flights.has(key);
  }

  run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(Problem.from(signal.reason));
    const known = this.#flights.get(key);
    // One that is being canceled is not joined.
    const flight = known && !known.controller.signal.aborted ? known : this.#start(key, work);
    flight.passengers += 1;
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        signal.removeEventListener("abort", onAbort);
        flight.passengers -= 1;
      };
      const onAbort = (): void => {
        leave();
        if (flight.passengers === 0) flight.controller.abort(signal.reason);
        reject(Problem.from(signal.reason));
      };
      signal.addEventListener("abort", onAbort, { once: true });
      flight.promise.then(resolve, reject).finally(() => {
        if (!signal.aborted) leave();
      });
    });
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const before = this.#flights.get(key)?.promise.catch(() => undefined);
    const promise = (async () => {
      await before; // a canceled predecessor cleans up first
      return await work(controller.signal);
    })();
    const flight: Flight<T> = { promise, controller, passengers: 0 };
    this.#flights.set(key, flight);
    promise
      .catch(() => undefined)
      .finally(() => {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
      });
    return flight;
  }
}
