/** etcd's members. All calls go to one of them; when it fails, the next one is used from then on. */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { etcdProblem } from "./etcd-errors.ts";
import { EtcdMember, type EtcdTls } from "./etcd-member.ts";

export type { EtcdTls };

export interface EtcdEndpointsOptions {
  /** URLs, as `https://10.0.0.1:2379`. */
  readonly endpoints: readonly string[];
  readonly tls?: EtcdTls;
  readonly clock: Clock;
  readonly requestTimeoutMs?: number;
}

const defaultRequestTimeoutMs = 5000;
export class EtcdEndpoints {
  readonly #options: EtcdEndpointsOptions;
  readonly #members: readonly EtcdMember[];
  readonly #requestTimeoutMs: number;
  #current = 0;
  #closed = false;

  constructor(options: EtcdEndpointsOptions) {
    if (options.endpoints.length === 0) throw new Problem("internal", "no etcd endpoint is given");
    this.#options = options;
    this.#requestTimeoutMs = options.requestTimeoutMs ?? defaultRequestTimeoutMs;
    const shared = { tls: options.tls, clock: options.clock, requestTimeoutMs: this.#requestTimeoutMs };
    this.#members = options.endpoints.map((endpoint) => new EtcdMember({ endpoint, ...shared }));
  }

  get count(): number {
    return this.#members.length;
  }

  /** One unary call. Rejects with a Problem; never repeats the call by itself. */
  async call<T>(action: string, run: (member: EtcdMember) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw Problem.from(signal.reason);
    const { member, at } = this.member();
    try {
      return await withSignal(run(member), signal);
    } catch (thrown) {
      const problem = etcdProblem(thrown, action);
      if (problem.code === "unavailable" || problem.code === "timeout") this.failed(at);
      throw problem;
    }
  }

  /** A read: repeated, on the next member if there is one, for as long as one request may take. Bridges a restart of etcd. */
  async read<T>(action: string, run: (member: EtcdMember) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { clock } = this.#options;
    const deadlineMs = clock.monotonicMs() + this.#requestTimeoutMs;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.call(action, run, signal);
      } catch (thrown) {
        const waitMs = attempt < this.count ? 0 : Math.min(50 * 2 ** (attempt - this.count), 500);
        const isHopeless = this.#closed || clock.monotonicMs() + waitMs > deadlineMs;
        if (isHopeless || !Problem.is(thrown, "unavailable")) throw thrown;
        if (waitMs > 0) await withSignal(sleep(clock, waitMs), signal);
      }
    }
  }

  /** The member in use, for streams. Tell `failed(at)` when the stream breaks. */
  member(): { readonly member: EtcdMember; readonly at: number } {
    if (this.#closed) throw new Problem("unavailable", "the store's client is closed");
    const at = this.#current;
    const member = this.#members[at];
    if (!member) throw new Problem("internal", `there is no etcd member ${at}`);
    return { member, at };
  }

  failed(at: number): void {
    if (at === this.#current) this.#current = (at + 1) % this.#members.length;
  }

  /** One framed message to the member in use, one back, within the time that a request may take. */
  ask(path: string, request: Buffer): (member: EtcdMember) => Promise<Buffer> {
    return (member) => member.direct.unary(path, request, this.#requestTimeoutMs);
  }

  /** A watch is broken off by a member that lost its leader, when there is another one to ask. */
  get watchHeaders(): Readonly<Record<string, string>> {
    return this.count === 1 ? {} : { hasleader: "true" };
  }

  /** Resolves when a connection that stands now breaks, or at once when none can be made. */
  async untilBroken(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { member } = this.member();
    await member.direct.untilBroken(signal);
  }

  /** Counts from the next connection on; those that stand stay, so nothing under way is cut. */
  replaceTls(tls: EtcdTls): void {
    for (const member of this.#members) member.replaceTls(tls);
  }

  close(): void {
    this.#closed = true;
    for (const member of this.#members) member.close();
  }
}

function withSignal<T>(running: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return running;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(Problem.from(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
