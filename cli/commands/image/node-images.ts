/** The images of one node or of all, over a stream to each. */
import { Problem } from "#proto/kit/problem.ts";
import { isConditionTrue } from "#proto/resources/conditions.ts";
import type { ImageRequest, ImageSummary, RegistryLogin } from "#proto/resources/image-request.ts";
import type { Node } from "#proto/resources/node.ts";
import type { Connection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment } from "../../environment.ts";
import { loadCredentials } from "../../registries/credentials.ts";

export interface Told<T> {
  readonly node: string;
  readonly answer: T;
}

/** An image as one node knows it. */
export interface Found {
  readonly node: string;
  readonly image: ImageSummary;
}

export class NodeImages {
  readonly #connection: Connection;
  readonly #environment: Environment;

  constructor(connection: Connection, environment: Environment) {
    this.#connection = connection;
    this.#environment = environment;
  }

  /** The one that was asked for, else all that are ready. */
  async nodes(wanted: string | undefined): Promise<readonly string[]> {
    if (wanted !== undefined) return [wanted];
    const { items } = await this.#connection.api.list("nodes");
    const ready = (items as unknown as readonly Node[])
      .filter((node) => isConditionTrue(node.status?.conditions, "Ready"))
      .map((node) => node.metadata.name);
    if (ready.length > 0) return ready;
    throw new Problem("unavailable", "no node is ready", { hint: "look at: orchctl get nodes" });
  }

  /** `onData` gets progress lines, or an archive's bytes. */
  async ask<T>(node: string, request: ImageRequest, onData?: (bytes: Uint8Array) => void | Promise<void>): Promise<T> {
    const image = Buffer.from(JSON.stringify(request));
    const { rpc } = this.#connection.api;
    const stream = await FrameStream.open(rpc, { kind: "image", node, image }, this.#environment.signal);
    try {
      for await (const { bytes } of stream.data()) await onData?.(bytes);
      return stream.outcome.detail as T;
    } finally {
      stream.close();
    }
  }

  /** Asks all of them; a node that fails fails the whole, after the others have answered, and is named. */
  async askAll<T>(nodes: readonly string[], ask: (node: string) => Promise<T>): Promise<readonly Told<T>[]> {
    const settled = await Promise.allSettled(nodes.map(ask));
    const told: Told<T>[] = [];
    const failures: { readonly node: string; readonly problem: Problem }[] = [];
    for (const [index, outcome] of settled.entries()) {
      const node = nodes[index] ?? "";
      if (outcome.status === "fulfilled") told.push({ node, answer: outcome.value });
      else failures.push({ node, problem: Problem.from(outcome.reason) });
    }
    const [first] = failures;
    if (!first) return told;
    const isOneReason = failures.every(({ problem }) => problem.message === first.problem.message);
    if (isOneReason && failures.length === nodes.length) throw first.problem;
    throw new Problem(first.problem.code, `${failures.length} of ${nodes.length} nodes could not do it`, {
      causes: failures.map(({ node, problem }) => ({ path: node, message: problem.message })),
      ...(first.problem.hint !== undefined && { hint: first.problem.hint }),
    });
  }

  async list(nodes: readonly string[], labels = false): Promise<readonly Found[]> {
    const told = await this.askAll(nodes, (node) =>
      this.ask<{ readonly images: readonly ImageSummary[] }>(node, { verb: "list", labels }),
    );
    return told.flatMap(({ node, answer }) => answer.images.map((image) => ({ node, image })));
  }

  /** Nodes that have the image. Problem `not-found` when none has. */
  async nodesWith(image: string, wanted: string | undefined): Promise<readonly string[]> {
    const nodes = await this.nodes(wanted);
    const has = await Promise.all(
      nodes.map((node) =>
        this.ask(node, { verb: "inspect", image }).then(
          () => true,
          (thrown: unknown) => {
            if (Problem.is(thrown, "not-found")) return false;
            throw thrown;
          },
        ),
      ),
    );
    const found = nodes.filter((_, index) => has[index]);
    if (found.length > 0) return found;
    const where = wanted === undefined ? "no ready node has" : `node ${wanted} does not have`;
    throw new Problem("not-found", `${where} the image ${image}`, { hint: "see what is there: orchctl image ls" });
  }

  /** What the person at the keyboard has logged in with at the image's registry. */
  async credentialsFor(image: string): Promise<readonly RegistryLogin[]> {
    const login = await loadCredentials(registryOf(image), this.#environment);
    return login ? [{ username: login.username, password: login.password }] : [];
  }
}

/** The image under those of its names that are wanted: `web`, `web:1`, `registry.example/*`. Pure. */
export function named({ node, image }: Found, wanted: string): readonly Found[] {
  const parts = wanted.split("*").map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`);
  const isWanted = (name: string): boolean => {
    const tagless = name.replace(/@.*$|:[^:/]*$/, "");
    return [name, familiar(name), tagless, familiar(tagless)].some((spelling) => pattern.test(spelling));
  };
  const names = image.names.filter(isWanted);
  return names.length === 0 ? [] : [{ node, image: { ...image, names } }];
}

/** The first part of a name is a registry when it looks like a host. */
export function registryOf(image: string): string {
  const slash = image.indexOf("/");
  const first = slash < 0 ? "" : image.slice(0, slash);
  return /[.:]/.test(first) || first === "localhost" ? first : "docker.io";
}

/** `web:1` for docker.io/library/web:1, as people write it. */
export function familiar(name: string): string {
  return name.replace(/^docker\.io\/(library\/)?/, "");
}

export function megabytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

export const shortDigest = (digest: string): string => digest.replace(/^sha256:/, "").slice(0, 12);
