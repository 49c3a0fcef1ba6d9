/** Images from registries to nodes, and from nodes to files. */
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { digestInName, pinnedName } from "#proto/resources/image-pins.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";
import type { NodeOptions } from "./list.ts";
import { megabytes, NodeImages, registryOf } from "./node-images.ts";
import { LayerProgress } from "./progress.ts";

interface Pulled {
  readonly digest: string;
  readonly names: readonly string[];
  readonly sizeBytes: number;
}

/** The tag is looked up once; all nodes get that content, each layer from the registry once. */
export async function runPull(
  image: string,
  options: NodeOptions & { readonly quiet?: boolean },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const nodes = await images.nodes(options.node);
    const credentials = await images.credentialsFor(image);
    const [first = ""] = nodes;
    const digest = digestInName(image) ?? (await resolve(images, first, image, credentials).catch(orLogIn(image)));
    const progress = new LayerProgress(environment, nodes.length);
    const request = { verb: "pull" as const, image: pinnedName(image, digest), credentials };
    const told = await images
      .askAll(nodes, (node) =>
        images.ask<Pulled>(node, request, (bytes) => {
          if (!options.quiet) progress.take(node, bytes);
        }),
      )
      .catch(orLogIn(image))
      .finally(() => progress.end());
    if (options.output === "json") {
      const result = { image, digest, nodes, sizeBytes: told[0]?.answer.sizeBytes ?? 0 };
      environment.out.write(`${JSON.stringify(result, undefined, 2)}\n`);
      return;
    }
    const size = megabytes(told[0]?.answer.sizeBytes ?? 0);
    environment.out.write(`${pinnedName(image, digest)} is on ${nodes.join(", ")} (${size})\n`);
  });
}

/** Nodes know of pods and their Secrets; whoever pulls by hand logs in. */
function orLogIn(image: string): (thrown: unknown) => never {
  return (thrown) => {
    const { code, message, causes, hint } = Problem.from(thrown);
    if (hint === undefined || !/imagePullSecret/.test(hint)) throw thrown;
    const host = registryOf(image);
    throw new Problem(code, message, {
      causes,
      cause: thrown,
      hint: `check the name, or log in: orchctl login ${host}`,
    });
  };
}

async function resolve(
  images: NodeImages,
  node: string,
  image: string,
  credentials: Awaited<ReturnType<NodeImages["credentialsFor"]>>,
): Promise<string> {
  const { digest } = await images.ask<{ readonly digest: string }>(node, { verb: "resolve", image, credentials });
  return digest;
}

/** An archive that docker, podman and skopeo read, to a file or standard output. */
export async function runSave(
  names: readonly string[],
  options: NodeOptions & { readonly file?: string | undefined },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const { file } = options;
  if (file === undefined && environment.out.isTerminal) {
    throw usageProblem("an archive is nothing for a terminal", "name a file with -f, or pipe it: … | docker load");
  }
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const node = await commonNode(images, names, options.node);
    const request = { verb: "save" as const, images: names };
    if (file === undefined) {
      await images.ask(node, request, async (bytes) => {
        environment.out.write(bytes);
        await environment.out.drained();
      });
      return;
    }
    const bytes = await saveToFile(file, (write) => images.ask(node, request, write));
    environment.err.write(`${names.join(", ")} saved to ${file} (${megabytes(bytes)})\n`);
  });
}

async function commonNode(images: NodeImages, names: readonly string[], wanted: string | undefined): Promise<string> {
  let nodes = await images.nodes(wanted);
  for (const name of names) {
    const having = await images.nodesWith(name, wanted);
    nodes = nodes.filter((node) => having.includes(node));
  }
  const [node] = nodes;
  if (node !== undefined) return node;
  throw new Problem("not-found", "no node has all of these images", {
    hint: "save them one by one, or pull them first",
  });
}

async function saveToFile(
  path: string,
  save: (write: (bytes: Uint8Array) => Promise<void>) => Promise<unknown>,
): Promise<number> {
  const file = createWriteStream(path);
  const failed = new Promise<never>((_, reject) => {
    file.once("error", (thrown) => {
      reject(new Problem("unavailable", `${path} cannot be written: ${errnoOf(thrown) ?? thrown.message}`));
    });
  });
  failed.catch(() => undefined); // said where it is awaited
  let written = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    written += bytes.length;
    if (file.write(bytes)) return;
    await Promise.race([failed, new Promise<void>((resolve) => file.once("drain", resolve))]);
  };
  await Promise.race([failed, save(write)]);
  file.end();
  await Promise.race([failed, finished(file)]);
  return written;
}
