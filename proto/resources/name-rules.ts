/** Kubernetes' rules for names and keys. Each answers undefined when the text is fine, else a sentence that says what is wrong. */

export type NameRule = (text: string) => string | undefined;

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualified = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const configKey = /^[-._a-zA-Z0-9]+$/;
const printable = /^[ -<>-~]+$/;

const tooLong = (text: string, most: number): string | undefined =>
  text.length > most ? `must be no more than ${most} characters` : undefined;

/** Namespaces, containers, volumes: `my-name`. */
export const dnsLabel: NameRule = (text) =>
  tooLong(text, 63) ??
  (label.test(text)
    ? undefined
    : "must be lower case letters, digits and `-`, and start and end with a letter or digit, as `my-name`");

/** Most objects: `my-name.example`. */
export const dnsSubdomain: NameRule = (text) =>
  tooLong(text, 253) ??
  (subdomain.test(text)
    ? undefined
    : "must be lower case letters, digits, `-` and `.`, and start and end with a letter or digit, as `my-name.example`");

/** Keys of labels, annotations, taints: an optional domain, a slash, a name. */
export const qualifiedName: NameRule = (text) => {
  const slash = text.indexOf("/");
  const prefix = slash === -1 ? undefined : text.slice(0, slash);
  const name = text.slice(slash + 1);
  if (prefix === "") return "the part before `/` must not be empty";
  const prefixProblem = prefix === undefined ? undefined : dnsSubdomain(prefix);
  if (prefixProblem !== undefined) return `the part before \`/\` ${prefixProblem}`;
  if (name === "") return "the name must not be empty";
  return (
    tooLong(name, 63) ??
    (qualified.test(name)
      ? undefined
      : "must be letters, digits, `-`, `_` and `.`, and start and end with a letter or digit, as `app` or `example.com/app`")
  );
};

export const labelValue: NameRule = (text) =>
  text === ""
    ? undefined
    : (tooLong(text, 63) ??
      (qualified.test(text)
        ? undefined
        : "must be empty, or letters, digits, `-`, `_` and `.`, and start and end with a letter or digit"));

/** Keys of ConfigMaps and Secrets: they become file names. */
export const configMapKey: NameRule = (text) => {
  if (text.length > 253) return "must be no more than 253 characters";
  if (!configKey.test(text)) return "must be letters, digits, `-`, `_` and `.`";
  if (text === ".") return "must not be `.`";
  return text.startsWith("..") ? "must not start with `..`" : undefined;
};

/** Environment variables: any printable character but `=`. */
export const envVarName: NameRule = (text) =>
  printable.test(text) ? undefined : "must be printable ASCII characters other than `=`";

/** Names of ports (RFC 6335). */
export const portName: NameRule = (text) => {
  if (text.length < 1 || text.length > 15) return "must be 1 to 15 characters";
  if (!/^[a-z0-9-]+$/.test(text)) return "must be lower case letters, digits and `-`";
  if (!/[a-z]/.test(text)) return "must have at least one letter";
  if (text.includes("--")) return "must not have two `-` in a row";
  return text.startsWith("-") || text.endsWith("-") ? "must not start or end with `-`" : undefined;
};

export const portRange = (port: number): string | undefined =>
  Number.isInteger(port) && port >= 1 && port <= 65535 ? undefined : "must be from 1 to 65535";

/** A path below a volume: relative and without `..`. */
export const relativePath: NameRule = (text) => {
  if (text === "") return "must not be empty";
  if (text.startsWith("/")) return "must be a relative path";
  return text.split("/").includes("..") ? "must not contain `..`" : undefined;
};

const octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ipv4 = new RegExp(`^${octet}(\\.${octet}){3}$`);

export function ipAddress(text: string): string | undefined {
  if (ipv4.test(text)) return undefined;
  if (text.includes(":") && text.length <= 45 && isIpv6(text)) return undefined;
  return "must be an IP address";
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1);
  const embedded = last !== undefined && ipv4.test(last);
  const hexGroups = embedded ? groups.slice(0, -1) : groups;
  const count = hexGroups.length + (embedded ? 2 : 0);
  return (
    hexGroups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8)
  );
}
