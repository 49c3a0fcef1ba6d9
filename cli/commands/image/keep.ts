/** Names, removal, verification. */
import { Problem } from "#proto/kit/problem.ts";
import type { PrunedImages, RemovedImage, VerifiedImage } from "#proto/resources/image-request.ts";
import { eachInTurn } from "../../changes/report.ts";
import type { Chosen } from "../../changes/select.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { exitCodes } from "../../exit-codes.ts";
import { visible } from "../../printers/table.ts";
import type { NodeOptions } from "./list.ts";
import { familiar, megabytes, NodeImages } from "./node-images.ts";

export async function runTag(
  image: string,
  name: string,
  options: NodeOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const nodes = await images.nodesWith(image, options.node);
    const [tagged] = await images.askAll(nodes, (node) =>
      images.ask<{ readonly name: string }>(node, { verb: "tag", image, name }),
    );
    environment.out.write(`${familiar(tagged?.answer.name ?? name)} is ${image} on ${nodes.join(", ")}\n`);
  });
}

/** On every node that has it, or on none: who runs it anywhere keeps it everywhere. */
export async function runRemove(
  names: readonly string[],
  options: NodeOptions & { readonly ignoreNotFound?: boolean },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const removed: (RemovedImage & { readonly node: string })[] = [];
    const remove = async ({ name, nodes }: Located): Promise<void> => {
      const told = await images.askAll(nodes, (node) =>
        images.ask<{ readonly removed: readonly RemovedImage[] }>(node, { verb: "remove", images: [name] }),
      );
      for (const { node, answer } of told) removed.push(...answer.removed.map((one) => ({ node, ...one })));
    };
    const chosen = await locate(images, names, options);
    await eachInTurn(chosen, "removed", environment, remove).finally(() => report(removed, options, environment));
  });
}

interface Located {
  readonly name: string;
  readonly nodes: readonly string[];
}

/** Where each image is, looked up for all of them before the first one goes. */
async function locate(
  images: NodeImages,
  names: readonly string[],
  options: NodeOptions & { readonly ignoreNotFound?: boolean },
): Promise<Chosen<Located>> {
  const found: Located[] = [];
  const missing: Problem[] = [];
  for (const name of names) {
    try {
      found.push({ name, nodes: await images.nodesWith(name, options.node) });
    } catch (thrown) {
      if (!Problem.is(thrown, "not-found")) throw thrown;
      if (!options.ignoreNotFound) missing.push(Problem.from(thrown));
    }
  }
  return { found, missing };
}

export async function runPrune(
  options: NodeOptions & { readonly all?: boolean },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const told = await images.askAll(await images.nodes(options.node), (node) =>
      images.ask<PrunedImages>(node, { verb: "prune", all: options.all ?? false }),
    );
    const removed = told.flatMap(({ node, answer }) => answer.removed.map((one) => ({ node, ...one })));
    report(removed, options, environment);
    if (options.output === "json") return;
    if (removed.length === 0) {
      environment.err.write(
        options.all ? "every image is used by a pod\n" : "every image has a tag; -a removes unused ones too\n",
      );
    }
    const freedBytes = told.reduce((sum, { answer }) => sum + answer.freedBytes, 0);
    if (freedBytes > 0) environment.err.write(`${megabytes(freedBytes)} freed\n`);
  });
}

function report(
  removed: readonly (RemovedImage & { readonly node: string })[],
  options: NodeOptions,
  environment: Environment,
): void {
  if (options.output === "json") {
    environment.out.write(`${JSON.stringify(removed, undefined, 2)}\n`);
    return;
  }
  for (const { node, image, names } of removed) {
    const tags = names.filter((name) => !name.includes("@")).map(familiar);
    environment.out.write(visible(`${node}: ${tags.join(", ") || image} removed`).concat("\n"));
  }
}

/** Exit code 1 when something is damaged and was not mended. */
export async function runVerify(
  names: readonly string[],
  options: NodeOptions & { readonly repair?: boolean },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const request = { verb: "verify" as const, images: names, repair: options.repair ?? false };
    const told = await images.askAll(await images.nodes(options.node), (node) =>
      images.ask<{ readonly images: readonly VerifiedImage[] }>(node, request),
    );
    const verified = told.flatMap(({ node, answer }) => answer.images.map((one) => ({ node, ...one })));
    const left = verified.flatMap(({ findings }) => findings).filter(({ repaired }) => !repaired);
    if (options.output === "json") environment.out.write(`${JSON.stringify(verified, undefined, 2)}\n`);
    else for (const one of verified) environment.out.write(verdict(one));
    if (left.length === 0) return;
    environment.setExitCode(exitCodes.failed);
    if (!options.repair) environment.err.write("→ mend it with: orchctl image verify --repair\n");
  });
}

function verdict({ node, image, findings }: VerifiedImage & { readonly node: string }): string {
  const name = `${node}: ${familiar(image)}`;
  if (findings.length === 0) return `${visible(name)} is whole\n`;
  const lines = findings.map(({ part, message, repaired }) => {
    return `  ${visible(`${part}: ${message}`)}${repaired ? "; repaired" : "; NOT repaired"}\n`;
  });
  return `${visible(name)} is damaged\n${lines.join("")}`;
}
