/** Credentials in the files that `docker login` writes, and in Secrets that hold them. */
import { covers, normalEntry } from "#proto/resources/registry-match.ts";
import type { RegistryCredentials } from "../image-store.ts";

type Data = Readonly<Record<string, unknown>>;

/** Those for `repository` (`host/path`) in a Secret's data, the most specific entry first. What cannot be read gives none. */
export function secretCredentials(data: unknown, repository: string): readonly RegistryCredentials[] {
  const found = Object.entries(registryEntries(data)).flatMap(([host, entry]) => {
    const credentials = covers(host, repository) ? credentialsOf(entry) : undefined;
    return credentials ? [{ length: normalEntry(host).length, credentials }] : [];
  });
  const sorted = found.toSorted((a, b) => b.length - a.length).map(({ credentials }) => credentials);
  const basic = basicAuth(data);
  return basic ? [...sorted, basic] : sorted;
}

function registryEntries(data: unknown): Data {
  if (!isObject(data)) return {};
  const modern = decodeJson(data[".dockerconfigjson"]);
  if (isObject(modern) && isObject(modern.auths)) return modern.auths;
  const legacy = decodeJson(data[".dockercfg"]);
  return isObject(legacy) ? legacy : {};
}

/** A Secret of type kubernetes.io/basic-auth names no host: whoever refers to it does. */
function basicAuth(data: unknown): RegistryCredentials | undefined {
  if (!isObject(data) || typeof data.username !== "string" || typeof data.password !== "string") return undefined;
  return { username: decode(data.username), password: decode(data.password) };
}

function credentialsOf(entry: unknown): RegistryCredentials | undefined {
  if (!isObject(entry)) return undefined;
  const { username, password, auth, identitytoken } = entry;
  const own = typeof username === "string" && typeof password === "string" ? { username, password } : decodeAuth(auth);
  if (typeof identitytoken === "string" && identitytoken !== "") {
    return { username: own?.username ?? "<token>", password: "", identityToken: identitytoken };
  }
  // How credential helpers, and files made from them, say that the password is an identity token.
  if (own?.username === "<token>") return { username: own.username, password: "", identityToken: own.password };
  return own;
}

function decodeAuth(auth: unknown): RegistryCredentials | undefined {
  if (typeof auth !== "string") return undefined;
  const text = decode(auth);
  const colon = text.indexOf(":");
  return colon > 0 ? { username: text.slice(0, colon), password: text.slice(colon + 1) } : undefined;
}

const decode = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");

function decodeJson(base64: unknown): unknown {
  if (typeof base64 !== "string") return undefined;
  try {
    return JSON.parse(decode(base64));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Data {
  return typeof value === "object" && value !== null;
}
