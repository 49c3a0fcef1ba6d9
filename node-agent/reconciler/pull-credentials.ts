/** Registry credentials for one image from a pod's imagePullSecrets, in Kubernetes' order: the most specific entry first. */
import type { Pod } from "#proto/resources/pod.ts";
import type { RegistryCredentials } from "../images/image-store.ts";
import type { PodObjects } from "../volumes/volume-store.ts";

/** Secrets that are missing or cannot be read give none: the registry's answer then tells what is wrong. */
export function pullCredentials(pod: Pod, reference: string, objects: PodObjects): readonly RegistryCredentials[] {
  const image = normalise(reference);
  const found: { readonly length: number; readonly credentials: RegistryCredentials }[] = [];
  for (const { name } of pod.spec.imagePullSecrets ?? []) {
    for (const [host, entry] of Object.entries(registryEntries(objects.secret(name ?? "")?.data))) {
      const prefix = host.replace(/^https?:\/\//, "").replace(/\/(v[12]\/?)?$/, "");
      const credentials = credentialsOf(entry);
      if (credentials && covers(prefix, image)) found.push({ length: prefix.length, credentials });
    }
  }
  return found.toSorted((a, b) => b.length - a.length).map(({ credentials }) => credentials);
}

function registryEntries(data: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(data)) return {};
  const modern = decodeJson(data[".dockerconfigjson"]);
  if (isObject(modern) && isObject(modern.auths)) return modern.auths;
  const legacy = decodeJson(data[".dockercfg"]);
  return isObject(legacy) ? legacy : {};
}

function decodeJson(base64: unknown): unknown {
  if (typeof base64 !== "string") return undefined;
  try {
    return JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
  } catch {
    return undefined;
  }
}

function credentialsOf(entry: unknown): RegistryCredentials | undefined {
  if (!isObject(entry)) return undefined;
  const { username, password, auth } = entry;
  if (typeof username === "string" && typeof password === "string") return { username, password };
  if (typeof auth !== "string") return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon > 0 ? { username: text.slice(0, colon), password: text.slice(colon + 1) } : undefined;
}

/** `host[:port][/path]`; a path covers what lies below it. */
function covers(prefix: string, image: string): boolean {
  const wanted = prefix === "index.docker.io" || prefix === "registry-1.docker.io" ? "docker.io" : prefix;
  return image === wanted || image.startsWith(`${wanted}/`);
}

/** With its registry written out, without tag and digest. */
function normalise(reference: string): string {
  const name = reference.split("@", 1)[0] ?? reference;
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  if (first.includes(".") || first.includes(":") || first === "localhost") return name;
  return slash < 0 ? `docker.io/library/${name}` : `docker.io/${name}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
