/** Numbers that may also be percentages, as maxSurge and maxUnavailable, and ports that may be names. */

export type IntOrString = number | string;

const percentage = /^(\d{1,9})%$/;

/** The number before the percent sign, or undefined when the text is not a percentage. */
export function parsePercentage(value: IntOrString): number | undefined {
  const match = typeof value === "string" ? percentage.exec(value) : null;
  return match === null ? undefined : Number(match[1]);
}

/** The number itself, or that share of `total`. Unreadable text counts as 0: stored objects were validated. */
export function scaledValue(value: IntOrString | undefined, total: number, round: "up" | "down"): number {
  if (typeof value === "number") return value;
  const share = value === undefined ? undefined : parsePercentage(value);
  if (share === undefined) return 0;
  const exact = (share * total) / 100;
  return round === "up" ? Math.ceil(exact) : Math.floor(exact);
}

/** Port number: itself, or the one of the named port. Undefined when no port has that name. */
export function portNumber(
  port: IntOrString,
  ports: readonly { readonly name?: string | undefined; readonly containerPort: number }[] | undefined,
): number | undefined {
  if (typeof port === "number") return port;
  const named = ports?.find((candidate) => candidate.name === port);
  if (named !== undefined) return named.containerPort;
  return /^\d{1,5}$/.test(port) ? Number(port) : undefined;
}
