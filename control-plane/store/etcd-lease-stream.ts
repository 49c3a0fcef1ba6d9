/** Renewals of all leases over one stream, opened when first needed. A broken stream fails the renewals under way. */
import type { ClientDuplexStream } from "@grpc/grpc-js";
import type { ILeaseKeepAliveRequest, ILeaseKeepAliveResponse } from "etcd3";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { EtcdEndpoints } from "./etcd-endpoints.ts";
import { etcdProblem } from "./etcd-errors.ts";
import type { LeaseId } from "./kv.ts";

type LeaseStream = ClientDuplexStream<ILeaseKeepAliveRequest, ILeaseKeepAliveResponse>;

interface Renewal {
  readonly settle: (thrown?: unknown) => void;
}

const answerTimeoutMs = 5000;

export class EtcdLeaseStream {
  readonly #endpoints: EtcdEndpoints;
  readonly #clock: Clock;
  readonly #waiting = new Map<LeaseId, Renewal[]>();
  #stream: Promise<LeaseStream> | undefined;

  constructor(endpoints: EtcdEndpoints, clock: Clock) {
    this.#endpoints = endpoints;
    this.#clock = clock;
  }

  /** See `Kv.keepLeaseAlive`. */
  async renew(lease: LeaseId, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw Problem.from(signal.reason);
    const stream = await this.#opened();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const renewal: Renewal = { settle: (thrown) => (thrown === undefined ? resolve() : reject(thrown)) };
    const onAbort = (): void => reject(Problem.from(signal?.reason));
    const timer = this.#clock.after(answerTimeoutMs, () => {
      reject(new Problem("timeout", "etcd did not answer a lease renewal in time"));
      stream.cancel();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#waiting.set(lease, [...(this.#waiting.get(lease) ?? []), renewal]);
    stream.write({ ID: lease });
    try {
      await promise;
    } finally {
      timer.cancel();
      signal?.removeEventListener("abort", onAbort);
    }
  }

  close(): void {
    this.#stream?.then((stream) => stream.cancel()).catch(() => undefined);
  }

  #opened(): Promise<LeaseStream> {
    if (this.#stream) return this.#stream;
    const { member, at } = this.#endpoints.member();
    const opening = member.services.leaseClient.leaseKeepAlive({}) as Promise<unknown> as Promise<LeaseStream>;
    const onBroken = (thrown: unknown): void => {
      if (this.#stream !== opening) return;
      this.#stream = undefined;
      this.#endpoints.failed(at);
      const problem = etcdProblem(thrown, "a lease renewal");
      for (const renewals of this.#waiting.values()) for (const { settle } of renewals) settle(problem);
      this.#waiting.clear();
    };
    this.#stream = opening;
    opening.then((stream) => {
      stream.on("data", (response: ILeaseKeepAliveResponse) => this.#answered(response));
      stream.on("error", onBroken);
      stream.on("end", () => onBroken(new Problem("unavailable", "etcd ended the lease stream")));
    }, onBroken);
    return opening.catch((thrown: unknown) => {
      throw etcdProblem(thrown, "a lease renewal");
    });
  }

  /** Answers of one lease come in the order of its renewals. */
  #answered(response: ILeaseKeepAliveResponse): void {
    const [renewal, ...others] = this.#waiting.get(response.ID) ?? [];
    if (others.length === 0) this.#waiting.delete(response.ID);
    else this.#waiting.set(response.ID, others);
    const isGone = Number(response.TTL) <= 0;
    renewal?.settle(isGone ? new Problem("not-found", `lease ${response.ID} has expired`) : undefined);
  }
}
