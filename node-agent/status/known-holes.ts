/** Versions of the programs that run containers which are known to be unsafe or broken. Pure. */

export interface ProgramVersion {
  readonly name: string;
  /** As the program says it: `1.1.5+ds1`. */
  readonly version: string;
}

interface Hole {
  readonly program: string;
  /** First and first good version of each range; from "0" on when it was always there. */
  readonly ranges: readonly (readonly [from: string, fixedIn: string])[];
  readonly what: string;
}

const holes: readonly Hole[] = [
  { program: "runc", ranges: [["0", "1.0.0"]], what: "a container can overwrite the host's runc (CVE-2019-5736)" },
  { program: "runc", ranges: [["0", "1.1.12"]], what: "escape through a leaked descriptor (CVE-2024-21626)" },
  { program: "runc", ranges: [["0", "1.1.14"]], what: "files made on the host by a race (CVE-2024-45310)" },
  {
    program: "runc",
    ranges: [
      ["0", "1.2.8"],
      ["1.3.0", "1.3.3"],
    ],
    what: "escapes by way of /proc (CVE-2025-31133, CVE-2025-52565, CVE-2025-52881)",
  },
  { program: "crun", ranges: [["0", "0.10.5"]], what: "an image's links lead out of it (CVE-2019-18837)" },
  { program: "crun", ranges: [["0", "1.4.4"]], what: "containers inherit capabilities (CVE-2022-27650)" },
  { program: "crun", ranges: [["1.19", "1.27"]], what: "exec as user 1 runs as root (CVE-2026-30892)" },
  { program: "conmon", ranges: [["0", "2.0.29"]], what: "the kernel never picks containers when memory runs out" },
  { program: "conmon", ranges: [["2.1.9", "2.1.10"]], what: "containers do not start" },
];

/** One sentence for each program that has any; by its version: a distribution may have mended it without a new number. */
export function knownHoles(programs: readonly ProgramVersion[]): readonly string[] {
  return programs.flatMap(({ name, version }) => {
    const numbers = parse(version);
    if (numbers === undefined) return [];
    const found = holes.filter(
      (hole) =>
        hole.program === name &&
        hole.ranges.some(([from, fixed]) => !isOlder(numbers, parse(from)) && isOlder(numbers, parse(fixed))),
    );
    if (found.length === 0) return [];
    return [`${name} ${version} has, by its version, known holes: ${found.map(({ what }) => what).join("; ")}`];
  });
}

function parse(version: string): readonly number[] | undefined {
  const match = /^v?(\d+(?:\.\d+)*)/.exec(version);
  return match?.[1]?.split(".").map(Number);
}

function isOlder(version: readonly number[], than: readonly number[] = []): boolean {
  for (let at = 0; at < Math.max(version.length, than.length); at++) {
    const difference = (version[at] ?? 0) - (than[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
