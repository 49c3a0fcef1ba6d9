/** One upload to many nodes at once: each byte is read once; the slowest node sets the pace; each node's outcome is told. */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { decodeProblem, encodeProblem } from "#proto/kit/rpc/problem-status.ts";
import { Credit } from "./credit.ts";
import type { Frame, StreamEnd } from "./stream-broker.ts";

export interface LoadTarget {
  readonly node: string;
  readonly end: StreamEnd;
}

interface Receiver extends LoadTarget {
  readonly credit: Credit;
  open: boolean;
}

interface LoadDetail {
  readonly images?: readonly { readonly name: string; readonly digest: string }[];
}

/** A node that takes nothing for so long while others wait for it is left behind. */
const stallMs = 60_000;

export class ImageLoad {
  readonly #client: StreamEnd;
  readonly #clock: Clock;
  readonly #receivers: readonly Receiver[];
  readonly #credit = new Credit();
  /** By node: "ok" or why not. */
  readonly #outcomes: Map<string, string>;
  #images: LoadDetail["images"] = [];
  #timer: Timer | undefined;
  #inputEnded = false;

  /** `failed`: nodes that could not even be opened. */
  constructor(
    client: StreamEnd,
    targets: readonly LoadTarget[],
    failed: ReadonlyMap<string, string>,
    options: { readonly clock: Clock },
  ) {
    this.#client = client;
    this.#clock = options.clock;
    this.#receivers = targets.map((target) => ({ ...target, credit: new Credit(), open: true }));
    this.#outcomes = new Map(failed);
  }

  /** Resolves with the result frame for the client. Rejects when the client breaks the protocol or goes away. */
  async run(): Promise<Frame> {
    this.#watchForStall();
    const outcomes = Promise.all(this.#receivers.map((receiver) => this.#listen(receiver)));
    const clientFailed = new Promise<never>((_, reject) => void this.#forward().catch(reject));
    try {
      await Promise.race([outcomes, clientFailed]);
      return this.#result();
    } catch (thrown) {
      for (const receiver of this.#receivers) if (receiver.open) receiver.end.close(Problem.from(thrown));
      throw thrown;
    } finally {
      this.#timer?.cancel();
    }
  }

  async #forward(): Promise<void> {
    const { frames } = this.#client;
    for (let item = await frames.next(); !item.done; item = await frames.next()) {
      const { data, endOfInput } = item.value;
      if (data) {
        this.#credit.use(data.length, "the client");
        await this.#toAll({ data }, data.length);
      } else if (endOfInput) {
        this.#inputEnded = true;
        await this.#toAll({ endOfInput: true }, 0);
      }
    }
    if (!this.#inputEnded) throw new Problem("canceled", "the upload was broken off");
  }

  async #toAll(frame: Frame, bytes: number): Promise<void> {
    const sending = this.#receivers.flatMap((receiver) => {
      if (!receiver.open) return [];
      receiver.credit.use(bytes, "the upload");
      return [receiver.end.send(frame).catch((thrown: unknown) => this.#drop(receiver, Problem.from(thrown).message))];
    });
    await Promise.all(sending);
  }

  async #listen(receiver: Receiver): Promise<void> {
    try {
      const { frames } = receiver.end;
      for (let item = await frames.next(); !item.done && receiver.open; item = await frames.next()) {
        const { credit, result } = item.value;
        if (credit) {
          receiver.credit.grant(credit);
          this.#grantClient();
        }
        if (result) {
          this.#take(receiver, result.problem ?? undefined, result.detail ?? undefined);
          return;
        }
      }
      this.#drop(receiver, "the connection to the node broke");
    } catch (thrown) {
      this.#drop(
        receiver,
        receiver.end.signal.aborted ? "the connection to the node broke" : Problem.from(thrown).message,
      );
    }
  }

  #take(receiver: Receiver, problem: Uint8Array | undefined, detail: Uint8Array | undefined): void {
    if (problem && problem.length > 0) {
      this.#drop(receiver, decodeProblem(problem).message);
      return;
    }
    const told = detail && detail.length > 0 ? (JSON.parse(Buffer.from(detail).toString("utf8")) as LoadDetail) : {};
    if (this.#images?.length === 0) this.#images = told.images ?? [];
    this.#close(receiver, "ok");
  }

  #drop(receiver: Receiver, why: string): void {
    this.#close(receiver, why);
  }

  #close(receiver: Receiver, outcome: string): void {
    if (!receiver.open) return;
    receiver.open = false;
    this.#outcomes.set(receiver.node, outcome);
    receiver.end.close();
    this.#grantClient();
  }

  /** The client may send as much as the slowest open node takes. When none is open the rest is read and thrown away. */
  #grantClient(): void {
    const open = this.#receivers.filter((receiver) => receiver.open);
    const slowest = Math.min(...open.map((receiver) => receiver.credit.grantedBytes));
    const more = slowest - this.#credit.grantedBytes;
    if (open.length === 0 || more <= 0) return;
    this.#credit.grant(more);
    this.#watchForStall();
    void this.#client.send({ credit: more }).catch(() => undefined);
  }

  #watchForStall(): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(stallMs, () => {
      const open = this.#receivers.filter((receiver) => receiver.open);
      const slowest = Math.min(...open.map((receiver) => receiver.credit.grantedBytes));
      const hanging = this.#inputEnded || this.#credit.leftBytes > 0 ? [] : open;
      for (const receiver of hanging) {
        if (receiver.credit.grantedBytes === slowest) this.#drop(receiver, `took nothing for ${stallMs / 1000} s`);
      }
      if (open.length > 0) this.#watchForStall();
    });
  }

  #result(): Frame {
    const nodes = Object.fromEntries([...this.#outcomes].sort(([a], [b]) => (a < b ? -1 : 1)));
    const all = Object.values(nodes);
    const loaded = all.filter((outcome) => outcome === "ok").length;
    const detail = Buffer.from(JSON.stringify({ images: this.#images, nodes }));
    if (loaded === all.length) return { result: { exitCode: 0, detail } };
    const causes = Object.entries(nodes).flatMap(([node, outcome]) =>
      outcome === "ok" ? [] : [{ path: node, message: outcome }],
    );
    const first = causes[0];
    const message = `the image reached ${loaded} of ${all.length} nodes; ${first?.path}: ${first?.message}`;
    const problem = new Problem("unavailable", message, { causes, hint: "Load it again when the nodes are well." });
    return { result: { exitCode: 1, problem: encodeProblem(problem), detail } };
  }
}
