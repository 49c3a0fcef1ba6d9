/** Answers of /livez, /readyz and /healthz, as Kubernetes' API server gives them. */

export interface HealthCheck {
  readonly name: string;
  /** Whether a failure means that the process should be started anew; others only mean that it cannot serve now. */
  readonly isVital: boolean;
  /** Undefined when well; else why not. A rejection is a failure too. */
  readonly check: () => string | undefined | Promise<string | undefined>;
}

export interface HealthAnswer {
  readonly isWell: boolean;
  readonly text: string;
}

export interface HealthQuestion {
  readonly kind: "live" | "ready";
  readonly verbose: boolean;
  readonly exclude: readonly string[];
}

export async function askHealth(checks: readonly HealthCheck[], question: HealthQuestion): Promise<HealthAnswer> {
  const asked = checks.filter(({ isVital }) => question.kind === "ready" || isVital);
  const results = await Promise.all(
    asked.map(async ({ name, check }) => ({
      name,
      reason: question.exclude.includes(name) ? undefined : await whyNot(check),
      isExcluded: question.exclude.includes(name),
    })),
  );
  const isWell = results.every(({ reason }) => reason === undefined);
  const lines = results.map(({ name, reason, isExcluded }) => {
    if (isExcluded) return `[+]${name} excluded: ok`;
    return reason === undefined ? `[+]${name} ok` : `[-]${name} failed: ${reason}`;
  });
  const verdict = `${question.kind === "live" ? "livez" : "readyz"} check ${isWell ? "passed" : "failed"}`;
  return { isWell, text: question.verbose || !isWell ? `${[...lines, verdict].join("\n")}\n` : "ok" };
}

async function whyNot(check: HealthCheck["check"]): Promise<string | undefined> {
  try {
    return await check();
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
