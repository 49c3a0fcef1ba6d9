/** Sends an archive to one node; the others take the images from there when they need them. */
import { createReadStream, statSync } from "node:fs";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { pinnedName } from "#proto/resources/image-pins.ts";
import { withConnection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { NodeImages } from "./node-images.ts";

export interface LoadOptions {
  readonly input?: string;
  readonly node?: string;
  readonly allNodes?: boolean;
  readonly output?: string;
}

interface LoadDetail {
  readonly images: readonly { readonly name: string; readonly digest: string }[];
  readonly node: string;
}

export async function runLoad(
  file: string | undefined,
  options: LoadOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  if (file === undefined && environment.input.isTerminal)
    throw new Problem("bad-request", "no archive was given", {
      hint: "name a file, or pipe one: docker save web:1 | orchctl image load",
    });
  const sizeBytes = file === undefined ? 0 : sizeOf(file);
  const source: AsyncIterable<Uint8Array> =
    file === undefined ? environment.input : createReadStream(file, { highWaterMark: 256 * 1024 });
  await withConnection(global, environment, async (connection) => {
    const { api } = connection;
    const stream = await FrameStream.open(
      api.rpc,
      { kind: "image-load", node: options.node ?? "", sizeBytes },
      environment.signal,
    );
    let unreadable: unknown;
    send(source, stream, progressOf(sizeBytes, environment)).catch((thrown: unknown) => {
      unreadable = thrown;
      stream.close();
    });
    try {
      for await (const _ of stream.data()) {
        // The node sends nothing but the result.
      }
    } catch (thrown) {
      throw unreadable ?? thrown;
    } finally {
      stream.close();
    }
    const detail = stream.outcome.detail as LoadDetail;
    if (options.allNodes) await spread(detail, new NodeImages(connection, environment));
    report(detail, options, environment);
  });
}

/** The other nodes take it from the one that has it. */
async function spread({ images, node }: LoadDetail, nodes: NodeImages): Promise<void> {
  const others = (await nodes.nodes(undefined)).filter((one) => one !== node);
  for (const { name, digest } of images) {
    const request = { verb: "pull" as const, image: pinnedName(name, digest), credentials: [] };
    await nodes.askAll(others, (one) => nodes.ask(one, request));
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") throw new Problem("not-found", `there is no file ${file}`);
    throw new Problem("not-found", `the archive ${file} cannot be read: ${errnoOf(thrown) ?? "error"}`);
  }
}

async function send(
  source: AsyncIterable<Uint8Array>,
  stream: FrameStream,
  progress: (bytes: number) => void,
): Promise<void> {
  let bytes = 0;
  for await (const chunk of source) {
    await stream.write(chunk);
    bytes += chunk.byteLength;
    progress(bytes);
  }
  await stream.endInput();
}

/** A line that redraws itself on a terminal; nothing in a pipe. */
function progressOf(totalBytes: number, environment: Environment): (bytes: number) => void {
  if (!environment.err.isTerminal) return () => undefined;
  let shownAtMs = Number.NEGATIVE_INFINITY;
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return (bytes) => {
    const nowMs = environment.clock.monotonicMs();
    const isDone = totalBytes > 0 && bytes >= totalBytes;
    if (nowMs - shownAtMs < 100 && !isDone) return;
    shownAtMs = nowMs;
    environment.err.write(
      `\r${megabytes(bytes)}${totalBytes > 0 ? ` of ${megabytes(totalBytes)}` : ""} MB sent${isDone ? "\n" : ""}`,
    );
  };
}

function report(detail: LoadDetail, options: LoadOptions, environment: Environment): void {
  if (options.output === "json") {
    environment.out.write(`${JSON.stringify(detail, undefined, 2)}\n`);
    return;
  }
  for (const { name, digest } of detail.images) {
    const where = options.allNodes ? "every ready node" : `node ${detail.node}`;
    environment.out.write(`${name} (${digest.slice(0, 19)}) loaded onto ${where}\n`);
  }
  if (options.node === undefined && !options.allNodes)
    environment.err.write("Other nodes take it from there when their pods need it.\n");
}
