/** Whether a cluster may be upgraded from one version to another in one go. Pure. */
import { Problem } from "#proto/kit/problem.ts";

/** Undefined when it may; "same" when there is nothing to do. Throws Problem `unsupported` with what to do instead. */
export function checkUpgrade(from: string, to: string): "same" | undefined {
  if (from === to) return "same";
  const [before, after] = [parse(from), parse(to)];
  if (compare(after, before) < 0) {
    throw new Problem("unsupported", `the cluster runs version ${from}, which is newer than this orchctl (${to})`, {
      hint: `Use the orchctl of version ${from} or later; going back needs a backup from before the upgrade.`,
    });
  }
  if (after.major === before.major && after.minor - before.minor <= 1) return undefined;
  const next = `${before.major}.${before.minor + 1}`;
  throw new Problem("unsupported", `the cluster runs version ${from}; ${to} is more than one minor version ahead`, {
    hint: `Agents one minor version older are served, so go step by step: upgrade to ${next} first.`,
  });
}

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

function parse(text: string): Version {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  if (major === undefined) throw new Problem("invalid", `"${text.slice(0, 40)}" is no version`);
  return { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

const compare = (a: Version, b: Version): number => a.major - b.major || a.minor - b.minor || a.patch - b.patch;
