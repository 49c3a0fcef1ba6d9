/** Which images a registry's entry is for. Pure: the control plane decides by it who gets credentials, the agent which it uses. */

const defaultDomain = "docker.io";
const defaultDomains: ReadonlySet<string> = new Set(["index.docker.io", "registry-1.docker.io"]);

/** `docker.io/library/web` for `web:1`: with its registry written out, without tag and digest. */
export function repositoryOf(image: string): string {
  const untagged = withoutTag(image.split("@", 1)[0] ?? "");
  const slash = untagged.indexOf("/");
  const first = slash < 0 ? "" : untagged.slice(0, slash);
  if (defaultDomains.has(first)) return repositoryOf(untagged.slice(slash + 1));
  if (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first) return untagged;
  if (slash < 0) return `${defaultDomain}/library/${untagged}`;
  return `${defaultDomain}/${untagged}`;
}

/** `docker.io/library/web:1` for `web:1`, and `…@sha256:…` for a name with a digest: as nodes keep images. */
export function imageName(image: string): string {
  const [name = "", digest] = image.split("@", 2);
  if (digest !== undefined) return `${repositoryOf(name)}@${digest}`;
  const colon = name.lastIndexOf(":");
  const tag = colon > name.lastIndexOf("/") ? name.slice(colon + 1) : "latest";
  return `${repositoryOf(name)}:${tag}`;
}

/** `entry` is `host[:port][/path]`, as in a Registry or a docker config.json; a path covers what lies below it, and itself. */
export function covers(entry: string, repository: string): boolean {
  const wanted = normalEntry(entry);
  return repository === wanted || repository.startsWith(`${wanted}/`);
}

/** Without scheme, API version and slash at its end; docker.io under the one name that images have. */
export function normalEntry(entry: string): string {
  const bare = entry.replace(/^https?:\/\//, "").replace(/\/(?:v[12]\/?)?$/, "");
  return defaultDomains.has(bare) ? defaultDomain : bare;
}

function withoutTag(name: string): string {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}
