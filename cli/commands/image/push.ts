/** Images from the nodes to a registry: one, or all tags of a repository. */
import { Problem } from "#proto/kit/problem.ts";
import { pinnedName } from "#proto/resources/image-pins.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";
import type { NodeOptions } from "./list.ts";
import { type Found, familiar, NodeImages } from "./node-images.ts";
import { LayerProgress } from "./progress.ts";

export interface PushOptions extends NodeOptions {
  readonly allTags?: boolean;
}

interface Push {
  readonly node: string;
  readonly image: string;
  readonly destination: string;
}

interface Pushed {
  readonly node: string;
  readonly name: string;
  readonly digest: string;
}

export async function runPush(
  image: string,
  destination: string | undefined,
  options: PushOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  if (options.allTags) for (const name of [image, destination ?? image]) refuseTag(name);
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const asJson = options.output === "json";
    if (!options.allTags) {
      const [node = ""] = await images.nodesWith(image, options.node);
      const pushed = await push({ node, image, destination: destination ?? image }, images, environment);
      environment.out.write(asJson ? `${JSON.stringify(pushed, undefined, 2)}\n` : said(pushed));
      return;
    }
    const all: Pushed[] = [];
    const found = await images.list(await images.nodes(options.node));
    for (const one of allTags(found, image, destination ?? image)) {
      const pushed = await push(one, images, environment);
      all.push(pushed);
      if (!asJson) environment.out.write(said(pushed));
    }
    if (asJson) environment.out.write(`${JSON.stringify(all, undefined, 2)}\n`);
  });
}

const said = ({ name, digest, node }: Pushed): string => `${pinnedName(name, digest)} pushed from ${node}\n`;

const tagOf = (name: string): string | undefined => /:([^:/@]+)$/.exec(name)?.[1];

function refuseTag(name: string): void {
  if (tagOf(name) === undefined && !name.includes("@")) return;
  throw usageProblem(`${name} names one tag, and --all-tags pushes all`, "leave the tag out, or --all-tags");
}

/** One for each tag of the repository, from the first node that has it. Problem `not-found` when there is none. Pure. */
export function allTags(found: readonly Found[], repository: string, destination: string): readonly Push[] {
  const pushes = new Map<string, Push>();
  for (const { node, image } of found) {
    for (const name of image.names) {
      const tag = tagOf(name);
      const bare = name.slice(0, -(tag ?? "").length - 1);
      if (tag === undefined || name.includes("@") || pushes.has(tag)) continue;
      if (repository !== bare && repository !== familiar(bare)) continue;
      pushes.set(tag, { node, image: name, destination: `${destination}:${tag}` });
    }
  }
  if (pushes.size > 0) return [...pushes.values()];
  throw new Problem("not-found", `no ready node has an image ${repository} with a tag`, {
    hint: "see what is there: orchctl image ls",
  });
}

async function push({ node, image, destination }: Push, images: NodeImages, environment: Environment): Promise<Pushed> {
  const progress = new LayerProgress(environment, 1);
  const credentials = await images.credentialsFor(destination);
  const request = { verb: "push" as const, image, destination, credentials };
  const pushed = await images
    .ask<Omit<Pushed, "node">>(node, request, (bytes) => progress.take(node, bytes))
    .finally(() => progress.end());
  return { node, ...pushed };
}
