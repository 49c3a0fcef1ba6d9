/** Names of images, by the grammar of the distribution project: `[domain/]path[:tag][@digest]`, made whole as Docker does. */
import { Problem } from "#proto/kit/problem.ts";

export interface Reference {
  /** Host and port of the registry, `docker.io` when the name has none. */
  readonly domain: string;
  /** Path below the domain; `library/…` for one-word names of docker.io. */
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const defaultDomain = "docker.io";
const legacyDefaultDomain = "index.docker.io";
const defaultTag = "latest";
const maxRepositoryLength = 255;

const domainComponent = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domainPattern = new RegExp(
  `^(?:${domainComponent}(?:\\.${domainComponent})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?$`,
);
const pathComponent = "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*";
const pathPattern = new RegExp(`^${pathComponent}(?:/${pathComponent})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;
const identifierPattern = /^[a-f0-9]{64}$/;

/** Problem `bad-request` says which rule the text breaks. A name without tag and digest gets the tag `latest`. */
export function parseReference(text: string): Reference {
  if (text === "") throw malformed(text, "it is empty");
  if (text.length > 1024) throw malformed(`${text.slice(0, 80)}…`, "it is longer than 1024 characters");
  if (identifierPattern.test(text)) {
    throw malformed(text, "64 hexadecimal digits are an image id, not a name");
  }
  const { name, tag, digest } = split(text);
  const { domain, path } = withDomain(name);
  if (!domainPattern.test(domain)) throw malformed(text, `${JSON.stringify(domain)} is not a host`);
  if (!pathPattern.test(path)) {
    const reason = path.toLowerCase() === path ? "is not a repository name" : "has upper-case letters";
    throw malformed(text, path === "" ? "it has no repository name" : `${JSON.stringify(path)} ${reason}`);
  }
  if (domain.length + 1 + path.length > maxRepositoryLength) {
    throw malformed(text, `its repository name is longer than ${maxRepositoryLength} characters`);
  }
  if (tag !== undefined && !tagPattern.test(tag)) throw malformed(text, `${JSON.stringify(tag)} is not a tag`);
  if (digest !== undefined && !isDigest(digest)) throw malformed(text, `${JSON.stringify(digest)} is not a digest`);
  return { domain, path, tag: tag ?? (digest === undefined ? defaultTag : undefined), digest };
}

/** The normal form: `docker.io/library/nginx:latest`, `host/path@sha256:…`. With a digest the tag says nothing and is dropped. */
export function formatReference(reference: Reference): string {
  const name = `${reference.domain}/${reference.path}`;
  return reference.digest === undefined ? `${name}:${reference.tag ?? defaultTag}` : `${name}@${reference.digest}`;
}

/**
 * The digest that pins an image's content under a repository: what a registry named there (of an index, if it has one), else the image's own.
 */
export function digestUnder(
  image: { readonly digest: string; readonly names: readonly string[] },
  { domain, path }: Reference,
): string {
  const prefix = `${domain}/${path}@`;
  const digests = image.names.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  return digests.find((digest) => digest !== image.digest) ?? image.digest;
}

/** The host that serves the API of a domain: docker.io has another one. */
export function registryHost(domain: string): string {
  return domain === defaultDomain ? "registry-1.docker.io" : domain;
}

export function isDigest(text: string): boolean {
  if (!digestPattern.test(text)) return false;
  const [algorithm, encoded = ""] = text.split(":");
  if (algorithm === "sha256") return /^[a-f0-9]{64}$/.test(encoded);
  if (algorithm === "sha512") return /^[a-f0-9]{128}$/.test(encoded);
  return true;
}

function split(text: string): { name: string; tag: string | undefined; digest: string | undefined } {
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const rest = at < 0 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(":");
  if (colon < 0 || colon < rest.lastIndexOf("/")) return { name: rest, tag: undefined, digest };
  return { name: rest.slice(0, colon), tag: rest.slice(colon + 1), digest };
}

/** The first component is a domain only when it cannot be part of a path: a dot, a port, upper case, or `localhost`. */
function withDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isDomain = /[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first;
  let domain = isDomain ? first : defaultDomain;
  let path = isDomain ? name.slice(slash + 1) : name;
  if (domain === legacyDefaultDomain) domain = defaultDomain;
  if (domain === defaultDomain && path !== "" && !path.includes("/")) path = `library/${path}`;
  return { domain, path };
}

function malformed(text: string, reason: string): Problem {
  return new Problem("bad-request", `${JSON.stringify(text)} is not the name of an image: ${reason}`, {
    hint: "write it as [HOST[:PORT]/]REPOSITORY[:TAG][@sha256:DIGEST], in lower case",
  });
}
