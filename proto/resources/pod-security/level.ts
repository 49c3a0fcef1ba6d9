/** Pod Security levels of a namespace, as its labels say: Kubernetes' labels, and a safe level where there are none. Pure. */

export const levels = ["privileged", "baseline", "restricted"] as const;
export type Level = (typeof levels)[number];

/** Which edition of the standards: the minor version of Kubernetes 1.x whose checks count. */
export type Edition = number | "latest";

export interface LevelOf {
  readonly level: Level;
  readonly edition: Edition;
  /** False: no label says so. */
  readonly isLabelled: boolean;
}

/** What happens to what violates a level: it is refused, answered with a warning, or noted in an event. */
export const modes = ["enforce", "warn", "audit"] as const;
export type Mode = (typeof modes)[number];
export type PodSecurityPolicy = Readonly<Record<Mode, LevelOf>>;

export const labelPrefix = "pod-security.kubernetes.io/";
export const levelLabel = (mode: Mode): string => `${labelPrefix}${mode}`;
export const editionLabel = (mode: Mode): string => `${labelPrefix}${mode}-version`;

/** Nothing that reaches the node comes in unless its namespace says so. */
export const defaultLevel: Level = "baseline";

type Labels = Readonly<Record<string, string>>;

/**
 * The policy of a namespace with these labels. A word that is not understood counts as the strictest. Without a label of its own,
 * `warn` is what is enforced, so that a template hears at once what its pods will meet; `audit` notes nothing.
 */
export function policyOf(labels: Labels | undefined): PodSecurityPolicy {
  const enforce = levelOf(labels ?? {}, "enforce") ?? { level: defaultLevel, edition: "latest", isLabelled: false };
  return {
    enforce,
    warn: levelOf(labels ?? {}, "warn") ?? { ...enforce, isLabelled: false },
    audit: levelOf(labels ?? {}, "audit") ?? { level: "privileged", edition: "latest", isLabelled: false },
  };
}

function levelOf(labels: Labels, mode: Mode): LevelOf | undefined {
  const word = labels[levelLabel(mode)];
  if (word === undefined) return undefined;
  const level = levels.find((candidate) => candidate === word) ?? "restricted";
  return { level, edition: parseEdition(labels[editionLabel(mode)] ?? "latest") ?? "latest", isLabelled: true };
}

/** `latest` or `v1.NN`; undefined for anything else. */
export function parseEdition(text: string): Edition | undefined {
  if (text === "latest") return "latest";
  const minor = /^v1\.(0|[1-9]\d{0,2})$/.exec(text)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

export const formatLevel = ({ level, edition }: Pick<LevelOf, "level" | "edition">): string =>
  edition === "latest" ? level : `${level}:v1.${edition}`;

/** What is wrong with the namespace's labels of this prefix, by label. */
export function labelProblems(labels: Labels | undefined): readonly (readonly [label: string, problem: string])[] {
  const known = new Map<string, (value: string) => string | undefined>(
    modes.flatMap((mode) => [[levelLabel(mode), levelProblem] as const, [editionLabel(mode), editionProblem] as const]),
  );
  return Object.entries(labels ?? {}).flatMap(([label, value]) => {
    if (!label.startsWith(labelPrefix)) return [];
    const check = known.get(label);
    const problem = check
      ? check(value)
      : `is not one of ${modes.map((mode) => `${mode}, ${mode}-version`).join(", ")}`;
    return problem === undefined ? [] : [[label, problem] as const];
  });
}

const levelProblem = (value: string): string | undefined =>
  levels.some((level) => level === value) ? undefined : `must be ${levels.join(", ").replace(/, (?=\w+$)/, " or ")}`;

const editionProblem = (value: string): string | undefined =>
  parseEdition(value) === undefined ? "must be `latest` or a version as `v1.34`" : undefined;

/** Whether pods that `before` refused may come in after a change to `after`. */
export function isLooser(after: LevelOf, before: LevelOf): boolean {
  return levels.indexOf(after.level) < levels.indexOf(before.level);
}
