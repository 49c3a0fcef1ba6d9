/** When a registry wants to be asked again (RFC 9110 section 10.2.3), on 429 and 503. */

interface Answer {
  readonly status: number;
  header(name: string): readonly string[];
}

/** Undefined when it says nothing. A date is compared with the answer's own `Date`: both are of the registry's clock. */
export function retryAfterMs(answer: Answer): number | undefined {
  if (answer.status !== 429 && answer.status !== 503) return undefined;
  const text = answer.header("retry-after")[0]?.trim() ?? "";
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const untilMs = Date.parse(text);
  const sentMs = Date.parse(answer.header("date")[0] ?? "");
  const waitMs = untilMs - sentMs;
  return Number.isFinite(waitMs) && waitMs >= 0 ? waitMs : undefined;
}
