/**
 * Progress of layers on one or several nodes: on a terminal a line for each layer that redraws itself, elsewhere a plain line when a layer
 * is done on a node.
 */
import type { BlobProgress } from "#proto/resources/image-request.ts";
import type { Environment } from "../../environment.ts";
import { visible } from "../../printers/table.ts";
import { familiar, megabytes, shortDigest } from "./node-images.ts";

const redrawMs = 100;
const ended: ReadonlySet<BlobProgress["state"]> = new Set(["here", "done", "exists", "mounted", "uploaded"]);
const words: Readonly<Record<BlobProgress["state"], string>> = {
  here: "already here",
  fetching: "fetching",
  unpacking: "unpacking",
  done: "done",
  sending: "sending",
  exists: "already there",
  mounted: "taken from another repository there",
  uploaded: "sent",
};

export class LayerProgress {
  readonly #environment: Environment;
  readonly #nodes: number;
  /** By digest, by node. */
  readonly #blobs = new Map<string, Map<string, BlobProgress>>();
  readonly #startedAtMs: number;
  #rest = new Map<string, string>();
  #drawnLines = 0;
  #drawnAtMs = Number.NEGATIVE_INFINITY;

  constructor(environment: Environment, nodes: number) {
    this.#environment = environment;
    this.#nodes = nodes;
    this.#startedAtMs = environment.clock.monotonicMs();
  }

  /** Bytes of a node's stream: lines of JSON. */
  take(node: string, bytes: Uint8Array): void {
    const lines = ((this.#rest.get(node) ?? "") + Buffer.from(bytes).toString("utf8")).split("\n");
    this.#rest.set(node, lines.pop() ?? "");
    for (const line of lines) if (line !== "") this.#say(node, JSON.parse(line) as BlobProgress);
    if (this.#environment.err.isTerminal) this.#draw(false);
  }

  /** The last picture stays. */
  end(): void {
    if (this.#environment.err.isTerminal) this.#draw(true);
  }

  #say(node: string, progress: BlobProgress): void {
    const nodes = this.#blobs.get(progress.digest) ?? new Map<string, BlobProgress>();
    const before = nodes.get(node);
    // The source is said with the first byte; the end of it is not said again.
    const source = progress.source ?? before?.source;
    this.#blobs.set(progress.digest, nodes.set(node, { ...progress, ...(source !== undefined && { source }) }));
    const isNews = ended.has(progress.state) && before?.state !== progress.state;
    if (isNews && !this.#environment.err.isTerminal)
      this.#environment.err.write(`${plainLine(node, progress, source)}\n`);
  }

  #draw(isLast: boolean): void {
    const { err, clock } = this.#environment;
    const nowMs = clock.monotonicMs();
    if (!isLast && nowMs - this.#drawnAtMs < redrawMs) return;
    this.#drawnAtMs = nowMs;
    const seconds = Math.max(0.001, (nowMs - this.#startedAtMs) / 1000);
    const lines = [...this.#blobs].map(([digest, nodes]) =>
      terminalLine(digest, [...nodes.values()], this.#nodes, seconds),
    );
    const up = this.#drawnLines > 0 ? `\x1b[${this.#drawnLines}A` : "";
    const width = Math.max(20, err.columns - 1);
    err.write(up + lines.map((line) => `\x1b[2K${visible(line).slice(0, width)}\n`).join(""));
    this.#drawnLines = lines.length;
  }
}

function plainLine(
  node: string,
  { digest, state, totalBytes, sharedWith }: BlobProgress,
  source: string | undefined,
): string {
  const from = source === undefined || state !== "done" ? "" : ` from ${source}`;
  const shared = sharedWith?.length ? `, shared with ${sharedWith.map(familiar).join(", ")}` : "";
  return visible(`${node}: ${shortDigest(digest)} ${words[state]}, ${megabytes(totalBytes)}${from}${shared}`);
}

function terminalLine(digest: string, all: readonly BlobProgress[], nodes: number, seconds: number): string {
  const [first] = all;
  if (!first) return "";
  const totalBytes = first.totalBytes * nodes;
  const doneBytes = all.reduce((sum, one) => sum + one.doneBytes, 0);
  const left = all.find((one) => !ended.has(one.state));
  const state = left?.state ?? (all.length < nodes ? "fetching" : first.state);
  const share = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const bar = `[${"=".repeat(Math.round(share * 20)).padEnd(20)}]`;
  const speed = left && doneBytes > 0 ? `  ${megabytes(doneBytes / seconds)}/s` : "";
  const source = left?.source === undefined || nodes > 1 ? "" : `  from ${left.source}`;
  const on = nodes > 1 ? `  ${all.filter((one) => ended.has(one.state)).length} of ${nodes} nodes` : "";
  const shared = first.sharedWith?.length ? `  shared with ${first.sharedWith.map(familiar).join(", ")}` : "";
  return `${shortDigest(digest)} ${bar} ${megabytes(doneBytes)} of ${megabytes(totalBytes)}  ${words[state]}${speed}${on}${source}${shared}`;
}
