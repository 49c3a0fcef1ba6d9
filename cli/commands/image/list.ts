/** What images there are, and what they take. */
import { formatAge } from "#proto/resources/duration.ts";
import type { ImageDetails, ImageHistoryEntry, ImageUsage } from "#proto/resources/image-request.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { renderTable } from "../../printers/table.ts";
import { filtered, parseFilters } from "./filters.ts";
import { type Found, familiar, megabytes, NodeImages, named, shortDigest } from "./node-images.ts";

export interface NodeOptions {
  readonly node?: string;
  readonly output?: string;
}

export interface ListOptions extends NodeOptions {
  readonly quiet?: boolean;
  readonly trunc: boolean;
  readonly filter: readonly string[];
}

export async function runList(
  wanted: string | undefined,
  options: ListOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const filters = parseFilters(options.filter);
    const all = await images.list(await images.nodes(options.node), filters.labels.length > 0);
    const passing = filtered(all, filters);
    const found = wanted === undefined ? passing : passing.flatMap((one) => named(one, wanted));
    if (options.output === "json")
      return print(
        environment,
        found.map(({ node, image }) => ({ node, ...image })),
      );
    if (options.quiet) {
      const digests = new Set(found.map(({ image }) => (options.trunc ? shortDigest(image.digest) : image.digest)));
      for (const digest of digests) environment.out.write(`${digest}\n`);
      return;
    }
    const rows = listRows(found, environment.clock.nowMs(), { wide: options.output === "wide", trunc: options.trunc });
    environment.out.write(renderTable(rows.headers, rows.cells));
  });
}

/** One row for each name and content, however many nodes have it. Pure. */
export function listRows(
  found: readonly Found[],
  nowMs: number,
  { wide, trunc }: { readonly wide: boolean; readonly trunc: boolean },
): { readonly headers: readonly string[]; readonly cells: readonly (readonly string[])[] } {
  const rows = new Map<string, { readonly name: string; readonly all: Found[] }>();
  for (const one of found) {
    const tags = one.image.names.filter((name) => !name.includes("@"));
    for (const tag of tags.length > 0 ? tags : [untagged(one.image.names)]) {
      const key = `${tag} ${one.image.digest}`;
      const row = rows.get(key) ?? { name: familiar(tag), all: [] };
      row.all.push(one);
      rows.set(key, row);
    }
  }
  const digestOf = (digest = ""): string => (trunc ? shortDigest(digest) : digest);
  const headers = ["IMAGE", "DIGEST", "CREATED", "SIZE", "NODES", "PODS"];
  const cells = [...rows.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, all }) => {
      const image = all[0]?.image;
      const pods = new Set(all.flatMap((one) => one.image.usedBy)).size;
      const nodes = all.map(({ node }) => node);
      const cell = [
        name,
        digestOf(image?.digest),
        image?.createdAt === undefined ? "unknown" : `${formatAge(image.createdAt, nowMs)} ago`,
        megabytes(image?.sizeBytes ?? 0),
        wide ? nodes.join(",") : String(nodes.length),
        String(pods),
      ];
      return wide ? [...cell, digestOf(image?.id), megabytes(image?.ownBytes ?? 0)] : cell;
    });
  return { headers: wide ? [...headers, "ID", "UNIQUE SIZE"] : headers, cells };
}

function untagged(names: readonly string[]): string {
  return names[0] === undefined ? "<none>" : `${names[0].split("@")[0]}:<none>`;
}

export async function runInspect(
  image: string,
  options: NodeOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const [node = ""] = await images.nodesWith(image, options.node);
    print(environment, { node, ...(await images.ask<ImageDetails>(node, { verb: "inspect", image })) });
  });
}

export async function runHistory(
  image: string,
  options: NodeOptions & { readonly trunc: boolean },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const [node = ""] = await images.nodesWith(image, options.node);
    const { history } = await images.ask<{ history: readonly ImageHistoryEntry[] }>(node, { verb: "history", image });
    if (options.output === "json") return print(environment, history);
    const nowMs = environment.clock.nowMs();
    const cells = history.map(({ layer, createdAt, createdBy, sizeBytes, comment }) => [
      layer === undefined ? "<none>" : shortDigest(layer),
      createdAt === undefined ? "unknown" : `${formatAge(createdAt, nowMs)} ago`,
      megabytes(sizeBytes),
      options.trunc && createdBy.length > 60 ? `${createdBy.slice(0, 59)}…` : createdBy,
      ...(comment === undefined ? [] : [comment]),
    ]);
    environment.out.write(renderTable(["LAYER", "CREATED", "SIZE", "CREATED BY", "COMMENT"], cells));
  });
}

export async function runUsage(options: NodeOptions, global: GlobalOptions, environment: Environment): Promise<void> {
  await withConnection(global, environment, async (connection) => {
    const images = new NodeImages(connection, environment);
    const told = await images.askAll(await images.nodes(options.node), (node) =>
      images.ask<ImageUsage>(node, { verb: "usage" }),
    );
    if (options.output === "json")
      return print(
        environment,
        told.map(({ node, answer }) => ({ node, ...answer })),
      );
    const cells = told.map(({ node, answer }) => [
      node,
      `${answer.images} (${answer.imagesInUse} in use)`,
      megabytes(answer.layersBytes),
      megabytes(answer.layersBytes - answer.layersInUseBytes),
      megabytes(answer.downloadsBytes),
      megabytes(answer.unfinishedBytes),
      `${megabytes(answer.diskFreeBytes)} of ${megabytes(answer.diskBytes)}`,
    ]);
    environment.out.write(
      renderTable(["NODE", "IMAGES", "LAYERS", "UNUSED", "DOWNLOADS", "UNFINISHED", "DISK FREE"], cells),
    );
  });
}

function print(environment: Environment, value: unknown): void {
  environment.out.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
