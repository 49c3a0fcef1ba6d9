/** The API's Stream call: reads what the caller wants, finds the node that has it, and carries the frames. */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { isConditionTrue } from "#proto/resources/conditions.ts";
import type { Node } from "#proto/resources/node.ts";
import type { CacheView } from "../cache/cache.ts";
import { ImageLoad, type LoadTarget } from "./image-load.ts";
import { type FrameCall, firstFrame, type StreamBroker, type StreamEnd } from "./stream-broker.ts";
import { pipeStream } from "./stream-pipe.ts";
import { isPodStreamKind, podStreamKinds, resolvePodTarget, type StreamOpen } from "./stream-target.ts";

/** What the caller wants to do, for authorization. */
export interface StreamAccess {
  readonly verb: "get" | "create";
  readonly resource: "pods" | "nodes";
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface StreamServiceOptions {
  readonly cache: Pick<CacheView, "get" | "list">;
  readonly broker: StreamBroker;
  readonly clock: Clock;
}

const openDeadlineMs = 10_000;

/** As in Kubernetes. */
const podAccess = {
  logs: { verb: "get", subresource: "log" },
  exec: { verb: "create", subresource: "exec" },
  attach: { verb: "create", subresource: "attach" },
  "port-forward": { verb: "create", subresource: "portforward" },
} as const;

export class StreamService {
  readonly #options: StreamServiceOptions;

  constructor(options: StreamServiceOptions) {
    this.#options = options;
  }

  /** Serves one call. `authorize` throws when the caller may not. Refusals are the call's status; later failures its result frame. */
  async serve(call: FrameCall, authorize: (access: StreamAccess) => void | Promise<void>): Promise<void> {
    const { clock } = this.#options;
    const frames = call.requests[Symbol.asyncIterator]();
    const open = (await firstFrame(frames, { clock, deadlineMs: openDeadlineMs }))?.open;
    if (!open) throw new Problem("bad-request", "the first frame of a stream says what to open");
    const client: StreamEnd = {
      frames,
      send: (frame) => call.send(frame),
      signal: call.signal,
      close: () => undefined,
    };
    const kind = open.kind ?? "";
    if (kind === "image-load") {
      await authorize({
        verb: "create",
        resource: "nodes",
        subresource: "images",
        namespace: "",
        name: open.node ?? "",
      });
      await this.#loadImage(client, open);
    } else if (isPodStreamKind(kind)) {
      const namespace = open.namespace || "default";
      await authorize({ ...podAccess[kind], resource: "pods", namespace, name: open.pod ?? "" });
      const target = resolvePodTarget(open, kind, (space, name) => this.#options.cache.get("pods", space, name));
      const agent = await this.#options.broker.open(target.node, target.open, call.signal);
      await pipeStream(client, agent);
    } else {
      const known = [...podStreamKinds, "image-load"].join(", ");
      throw new Problem(
        "unsupported",
        `streams of kind "${kind.slice(0, 40)}" are not known here; known are: ${known}`,
      );
    }
  }

  async #loadImage(client: StreamEnd, open: StreamOpen): Promise<void> {
    const nodes = this.#targetNodes(open.node ?? "");
    const failed = new Map<string, string>();
    const targets: LoadTarget[] = [];
    await Promise.all(
      nodes.map(async (node) => {
        try {
          targets.push({ node, end: await this.#options.broker.open(node, { ...open, node }, client.signal) });
        } catch (thrown) {
          failed.set(node, Problem.from(thrown).message);
        }
      }),
    );
    if (targets.length === 0) {
      const causes = Array.from(failed, ([path, message]) => ({ path, message }));
      throw new Problem("unavailable", `no node could take the image: ${causes[0]?.message}`, { causes });
    }
    await client.send(await new ImageLoad(client, targets, failed, this.#options).run());
  }

  #targetNodes(wanted: string): readonly string[] {
    const nodes = this.#options.cache.list("nodes") as readonly Node[];
    if (wanted !== "") {
      if (nodes.some((node) => node.metadata.name === wanted)) return [wanted];
      const names = nodes.map((node) => node.metadata.name).slice(0, 20);
      throw new Problem("not-found", `there is no node "${wanted}"; there are: ${names.join(", ") || "none"}`);
    }
    const ready = nodes.filter((node) => isConditionTrue(node.status?.conditions, "Ready"));
    if (ready.length > 0) return ready.map((node) => node.metadata.name);
    throw new Problem("unavailable", "no node is ready to take the image", {
      hint: "See `orchctl get nodes`; a machine joins with `orchctl node join`.",
    });
  }
}
