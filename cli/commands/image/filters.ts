/** Docker's filters of image lists: which there are, and what they let through. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import { usageProblem } from "../../program-options.ts";
import { type Found, familiar, named, shortDigest } from "./node-images.ts";

/** All of different keys count, and all labels; of several references or instants one is enough. */
export interface ImageFilters {
  readonly dangling?: boolean;
  readonly references: readonly string[];
  /** Images by name, digest or id. */
  readonly before: readonly string[];
  readonly since: readonly string[];
  /** `key`, or `key=value`. */
  readonly labels: readonly string[];
}

const known = "dangling=true, reference=PATTERN, before=IMAGE, since=IMAGE, label=KEY[=VALUE]";

export function parseFilters(words: readonly string[]): ImageFilters {
  const found = { references: [] as string[], before: [] as string[], since: [] as string[], labels: [] as string[] };
  let dangling: boolean | undefined;
  for (const word of words) {
    const [, key, value = ""] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (key === "dangling") dangling = truth(word, value);
    else if (key === "reference") found.references.push(value);
    else if (key === "before" || key === "since") found[key].push(value);
    else if (key === "label") found.labels.push(value);
    else throw usageProblem(`"${word}" is no filter of images`, `there are: ${known}`);
  }
  return { ...found, ...(dangling !== undefined && { dangling }) };
}

function truth(word: string, value: string): boolean {
  if (["true", "1"].includes(value)) return true;
  if (["false", "0"].includes(value)) return false;
  throw usageProblem(`"${word}" is no filter of images`, "write dangling=true or dangling=false");
}

/** Throws Problem `not-found` for an image to compare with that is nowhere. */
export function filtered(all: readonly Found[], filters: ImageFilters): readonly Found[] {
  const { dangling, references, before, since, labels } = filters;
  const beforeMs = Math.max(...before.map((name) => createdAtMs(all, name)));
  const sinceMs = Math.min(...since.map((name) => createdAtMs(all, name)));
  const passes = (one: Found): boolean => {
    const atMs = Date.parse(one.image.createdAt ?? "");
    return (
      (dangling === undefined || isDangling(one) === dangling) &&
      (before.length === 0 || atMs < beforeMs) &&
      (since.length === 0 || atMs > sinceMs) &&
      labels.every((label) => hasLabel(one, label))
    );
  };
  const passing = all.filter(passes);
  if (references.length === 0) return passing;
  return passing.flatMap((one) => {
    const names = new Set(references.flatMap((pattern) => named(one, pattern).flatMap(({ image }) => image.names)));
    return names.size === 0 ? [] : [{ node: one.node, image: { ...one.image, names: [...names] } }];
  });
}

const isDangling = ({ image }: Found): boolean => image.names.every((name) => name.includes("@"));

function hasLabel({ node, image: { labels } }: Found, wanted: string): boolean {
  if (labels === undefined)
    throw new Problem("unsupported", `the agent of ${node} is older and does not tell labels of images`, {
      hint: "upgrade it, or ask other nodes: --node NAME",
    });
  const [key = "", ...value] = wanted.split("=");
  return Object.hasOwn(labels, key) && (value.length === 0 || labels[key] === value.join("="));
}

function createdAtMs(all: readonly Found[], name: string): number {
  const isMeant = ({ image: { digest, id, names } }: Found): boolean =>
    names.some((one) => [one, familiar(one), familiar(one).replace(/:latest$/, "")].includes(name)) ||
    (/^(sha256:)?[0-9a-f]{6,64}$/.test(name) &&
      [digest, id].some((one) => one.startsWith(name) || one.startsWith(`sha256:${name}`)));
  const found = all.find(isMeant);
  if (!found)
    throw new Problem("not-found", `no ready node has the image ${name}`, {
      hint: "see what is there: orchctl image ls",
    });
  const atMs = Date.parse(found.image.createdAt ?? "");
  if (!Number.isNaN(atMs)) return atMs;
  throw new Problem("unsupported", `the image ${shortDigest(found.image.digest)} does not say when it was made`, {
    hint: "compare with another image",
  });
}
