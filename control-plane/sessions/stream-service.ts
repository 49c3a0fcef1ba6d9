/** The API's Stream call: reads what the caller wants, finds the node that has it, and carries the frames. */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { isConditionTrue } from "#proto/resources/conditions.ts";
import { containerAccess, readContainerRequest } from "#proto/resources/container-request.ts";
import { digestInName } from "#proto/resources/image-pins.ts";
import { imageAccess, readImageRequest } from "#proto/resources/image-request.ts";
import type { Node } from "#proto/resources/node.ts";
import type { CacheView } from "../cache/cache.ts";
import type { ImageDesk } from "../images/image-desk.ts";
import { findGoneLogs } from "./gone-logs.ts";
import { type FrameCall, firstFrame, type StreamBroker, type StreamEnd } from "./stream-broker.ts";
import { pipeStream } from "./stream-pipe.ts";
import { isPodStreamKind, podStreamKinds, resolvePodTarget, type StreamOpen } from "./stream-target.ts";

/** What the caller wants to do, for authorization. */
export interface StreamAccess {
  readonly verb: "get" | "create" | "delete";
  readonly resource: "pods" | "nodes";
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

type Authorize = (access: StreamAccess) => void | Promise<void>;

export interface StreamServiceOptions {
  /** With the index `node` on pods. */
  readonly cache: Pick<CacheView, "get" | "list" | "byIndex">;
  readonly broker: StreamBroker;
  readonly images: Pick<ImageDesk, "grant">;
  readonly clock: Clock;
}

const openDeadlineMs = 10_000;

/** As in Kubernetes. */
const podAccess = {
  logs: { verb: "get", subresource: "log" },
  exec: { verb: "create", subresource: "exec" },
  attach: { verb: "create", subresource: "attach" },
  // Whoever may run commands there can read and write files there, and the other way round.
  copy: { verb: "create", subresource: "exec" },
  "port-forward": { verb: "create", subresource: "portforward" },
} as const;

export class StreamService {
  readonly #options: StreamServiceOptions;

  constructor(options: StreamServiceOptions) {
    this.#options = options;
  }

  /** Serves one call. `authorize` throws when the caller may not. Refusals are the call's status; later failures its result frame. */
  async serve(call: FrameCall, authorize: Authorize): Promise<void> {
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
    if (kind === "image-load" || kind === "image") {
      await this.#serveImages(client, open, authorize);
    } else if (isPodStreamKind(kind)) {
      const namespace = open.namespace || "default";
      const access =
        kind === "container" ? containerAccess[readContainerRequest(open.containerRequest).verb] : podAccess[kind];
      await authorize({ ...access, resource: "pods", namespace, name: open.pod ?? "" });
      if (kind === "logs" && open.logs?.gone) {
        await pipeStream(client, await this.#goneLogs({ ...open, namespace }, call.signal));
        return;
      }
      const target = resolvePodTarget(open, kind, (space, name) => this.#options.cache.get("pods", space, name));
      const agent = await this.#options.broker.open(target.node, target.open, call.signal);
      await pipeStream(client, agent);
    } else {
      const known = [...podStreamKinds, "image-load", "image"].join(", ");
      throw new Problem(
        "unsupported",
        `streams of kind "${kind.slice(0, 40)}" are not known here; known are: ${known}`,
      );
    }
  }

  #goneLogs(open: StreamOpen, signal: AbortSignal): Promise<StreamEnd> {
    const { cache, broker } = this.#options;
    const nodes = (cache.list("nodes") as readonly Node[])
      .filter((node) => isConditionTrue(node.status?.conditions, "Ready"))
      .map((node) => node.metadata.name);
    return findGoneLogs(open, nodes, (node, asked) => broker.open(node, asked, signal));
  }

  /** An archive goes to one node: the others take it from there when they need it. */
  async #serveImages(client: StreamEnd, open: StreamOpen, authorize: Authorize): Promise<void> {
    const request = open.kind === "image" ? readImageRequest(open.image) : undefined;
    const verb = request ? imageAccess[request.verb] : "create";
    await authorize({ verb, resource: "nodes", subresource: "images", namespace: "", name: open.node ?? "" });
    const { broker, images } = this.#options;
    const node = this.#nodeFor(open.node ?? "");
    const pulled = request?.verb === "pull" ? digestInName(request.image) : undefined;
    const over = pulled === undefined ? undefined : images.grant(node, pulled);
    try {
      await pipeStream(client, await broker.open(node, { ...open, node }, client.signal));
    } finally {
      over?.();
    }
  }

  /** The one that was named, else the ready node with the fewest pods. */
  #nodeFor(wanted: string): string {
    const { cache } = this.#options;
    const nodes = cache.list("nodes") as readonly Node[];
    if (wanted !== "") {
      if (nodes.some((node) => node.metadata.name === wanted)) return wanted;
      const names = nodes.map((node) => node.metadata.name).slice(0, 20);
      throw new Problem("not-found", `there is no node "${wanted}"; there are: ${names.join(", ") || "none"}`);
    }
    const [best] = nodes
      .filter((node) => isConditionTrue(node.status?.conditions, "Ready") && !node.spec?.unschedulable)
      .map(({ metadata: { name } }) => ({ name, pods: cache.byIndex("pods", "node", name).length }))
      .sort((a, b) => a.pods - b.pods);
    if (best) return best.name;
    throw new Problem("unavailable", "no node is ready to take the image", {
      hint: "See `orchctl get nodes`; a machine joins with `orchctl node join`.",
    });
  }
}
