/** Which of an index's images fits this machine, chosen as containerd does (containerd/platforms compare.go). */
import { Problem } from "#proto/kit/problem.ts";

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
}

/** GOARCH names by Node's `process.arch`. */
const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", ppc64: "ppc64le" };

export function hostPlatform(nodeArchitecture: string): Platform {
  return normalPlatform({ os: "linux", architecture: architectures[nodeArchitecture] ?? nodeArchitecture });
}

/** One spelling for each platform: `x86_64` is amd64, arm64 alone means v8. */
export function normalPlatform(platform: {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
}): Platform {
  const os = (platform.os ?? "").toLowerCase();
  const given = (platform.architecture ?? "").toLowerCase();
  const variant = (platform.variant ?? "").toLowerCase();
  switch (given) {
    case "x86_64":
    case "x86-64":
    case "amd64":
      return { os, architecture: "amd64", variant: variant === "v1" ? "" : variant };
    case "aarch64":
    case "arm64":
      return { os, architecture: "arm64", variant: variant === "8" || variant === "v8" ? "" : variant };
    case "i386":
      return { os, architecture: "386", variant: "" };
    case "armhf":
      return { os, architecture: "arm", variant: "v7" };
    case "armel":
      return { os, architecture: "arm", variant: "v6" };
    case "arm":
      return { os, architecture: "arm", variant: variant === "" ? "v7" : variant.replace(/^(?=\d)/, "v") };
    default:
      return { os, architecture: given, variant };
  }
}

/** Platforms whose images run on `host`, the best first. */
function acceptedPlatforms(host: Platform): readonly Platform[] {
  const { os, architecture, variant } = host;
  const of = (name: string, version: string): Platform => ({ os, architecture: name, variant: version });
  const number = Number(variant.replace(/^v/, "").split(".")[0] ?? "");
  if (architecture === "amd64") {
    const lower = Array.from({ length: Math.max(0, number - 2) }, (_, index) => of("amd64", `v${number - 1 - index}`));
    return [host, ...lower, ...(variant === "" ? [] : [of("amd64", "")]), of("386", "")];
  }
  if (architecture === "arm") return [host, ...armVariantsBelow(number).map((version) => of("arm", version))];
  if (architecture === "arm64") {
    const arm = [of("arm", "v8"), ...armVariantsBelow(8).map((version) => of("arm", version))];
    return [host, ...(variant === "" ? [] : [of("arm64", "")]), ...arm];
  }
  return [host];
}

function armVariantsBelow(version: number): readonly string[] {
  return ["v7", "v6", "v5"].filter((variant) => Number(variant.slice(1)) < version);
}

/** How well `candidate` fits, 0 is best; undefined when it cannot run. */
export function platformRank(host: Platform, candidate: Platform): number | undefined {
  const rank = acceptedPlatforms(host).findIndex(
    (accepted) =>
      accepted.os === candidate.os &&
      accepted.architecture === candidate.architecture &&
      accepted.variant === candidate.variant,
  );
  return rank < 0 ? undefined : rank;
}

export function formatPlatform(platform: Platform): string {
  return [platform.os, platform.architecture, platform.variant].filter(Boolean).join("/");
}

/** Problem `unsupported` when the image is for another machine. */
export function checkPlatform(image: Platform, host: Platform, object: string): void {
  if (image.architecture === "") return; // made from nothing: nothing to run either
  const platform = normalPlatform(image);
  if (platformRank(host, platform) !== undefined) return;
  throw new Problem(
    "unsupported",
    `${object} is for ${formatPlatform(platform)}; this node is ${formatPlatform(host)}`,
    { hint: otherPlatformHint },
  );
}

export const otherPlatformHint =
  "build the image for this platform too, or send its pods elsewhere with a nodeSelector on kubernetes.io/arch";
