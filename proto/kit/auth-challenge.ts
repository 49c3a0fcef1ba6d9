/** WWW-Authenticate headers (RFC 9110 section 11.6.1): what a server asks for. */

export interface Challenge {
  /** Lower case: `bearer`, `basic` … */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const separators = /[\s,]*/y;
const quoted = /"((?:[^"\\]|\\.)*)"/y;
const maxHeaderLength = 16 * 1024;

/** Reads all challenges of all header lines. What cannot be read ends the line: better half a challenge than a wrong one. */
export function parseChallenges(headers: readonly string[]): readonly Challenge[] {
  return headers.flatMap((header) => parseLine(header.slice(0, maxHeaderLength)));
}

function parseLine(line: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  const take = (pattern: RegExp, at: number): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(line);
  };
  let at = 0;
  while (at < line.length) {
    at += take(separators, at)?.[0].length ?? 0;
    const word = take(token, at)?.[0];
    if (word === undefined) break;
    at += word.length;
    const equals = /\s*=\s*/y;
    const isParameter = take(equals, at);
    const current = challenges.at(-1);
    if (!isParameter) {
      challenges.push({ scheme: word.toLowerCase(), parameters: new Map() });
      continue;
    }
    at += isParameter[0].length;
    const text = take(quoted, at);
    const value = text ? (text[1] ?? "").replaceAll(/\\(.)/g, "$1") : take(token, at)?.[0];
    if (value === undefined || !current) break;
    at += text ? text[0].length : value.length;
    current.parameters.set(word.toLowerCase(), value);
  }
  return challenges;
}

/** Equal hosts, or names with the same last two labels. Addresses must be equal. Whoever answers a challenge elsewhere gives credentials away. */
export function isSameSite(a: string, b: string): boolean {
  if (a === b) return true;
  if (/^[\d.]+$|:/.test(a) || /^[\d.]+$|:/.test(b)) return false;
  const site = (name: string): string => name.split(".").slice(-2).join(".");
  return a.includes(".") && site(a) === site(b);
}
