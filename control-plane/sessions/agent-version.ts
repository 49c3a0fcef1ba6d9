/** Which agents a control plane serves: its own minor version and the one before. */
import { Problem } from "#proto/kit/problem.ts";

/** Throws Problem `unsupported` with a sentence that says which of the two to change. */
export function assertServable(agent: string, controlPlane: string): void {
  const theirs = parse(agent);
  const ours = parse(controlPlane);
  if (!theirs || !ours) {
    throw new Problem("bad-request", `"${agent.slice(0, 40)}" is not a version`, { hint: "Install a released agent." });
  }
  if (theirs.major === ours.major && (theirs.minor === ours.minor || theirs.minor === ours.minor - 1)) return;
  const newer = theirs.major > ours.major || (theirs.major === ours.major && theirs.minor > ours.minor);
  throw new Problem(
    "unsupported",
    `an agent of version ${agent} cannot join a control plane of version ${controlPlane}`,
    {
      hint: newer
        ? `Upgrade the control plane first; agents may be the same or one minor version older.`
        : `Upgrade this agent to ${ours.major}.${ours.minor}; at most one minor version older is served.`,
    },
  );
}

function parse(version: string): { readonly major: number; readonly minor: number } | undefined {
  const [, major, minor] = /^v?(\d{1,6})\.(\d{1,6})\.\d{1,6}(?:[-+].*)?$/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}
