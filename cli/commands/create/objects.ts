/** Objects from flags, as kubectl makes them. Reads files, asks no cluster. */
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Environment } from "../../environment.ts";
import { readBounded, readInput } from "../../manifests/read-sources.ts";
import { usageProblem } from "../../program-options.ts";
import { type Content, type DataFlags, gatherContent } from "./content.ts";

export interface RegistryFlags {
  readonly dockerServer: string;
  readonly dockerUsername?: string;
  readonly dockerPassword?: string;
  readonly dockerPasswordStdin?: boolean;
  readonly dockerEmail?: string;
  readonly fromFile?: string;
}

export interface TlsFlags {
  readonly cert: string;
  readonly key: string;
}

export interface DeploymentFlags {
  readonly image: readonly string[];
  readonly replicas: number;
  readonly port?: number;
}

export const namespaceObject = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

/** Text is `data`, what is no UTF-8 is `binaryData`. */
export function configMapObject(name: string, flags: DataFlags, environment: Environment): KubeObject {
  const content = gatherContent(flags, environment);
  const [text, binary] = [content.filter(([, value]) => isText(value)), content.filter(([, value]) => !isText(value))];
  return hashed(flags, {
    ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name } },
    ...(text.length > 0 && { data: mapOf(text, "utf8") }),
    ...(binary.length > 0 && { binaryData: mapOf(binary, "base64") }),
  });
}

export function secretObject(name: string, flags: DataFlags, environment: Environment): KubeObject {
  const data = mapOf(gatherContent(flags, environment), "base64");
  return hashed(flags, { apiVersion: "v1", kind: "Secret", metadata: { name }, type: flags.type ?? "Opaque", data });
}

const isText = (value: Buffer): boolean => Buffer.from(value.toString("utf8")).equals(value);

const mapOf = (content: Content, encoding: "utf8" | "base64"): Readonly<Record<string, string>> =>
  Object.fromEntries(content.map(([key, value]) => [key, value.toString(encoding)]));

function hashed({ appendHash }: DataFlags, object: KubeObject): KubeObject {
  if (!appendHash) return object;
  const { metadata, ...rest } = object;
  const hash = createHash("sha256")
    .update(JSON.stringify([metadata.name, rest]))
    .digest("hex")
    .slice(0, 10);
  return { ...object, metadata: { ...metadata, name: `${metadata.name}-${hash}` } };
}

/** `kubernetes.io/dockerconfigjson`, which pods name in imagePullSecrets. */
export async function registrySecretObject(
  name: string,
  flags: RegistryFlags,
  environment: Environment,
): Promise<KubeObject> {
  const text =
    flags.fromFile === undefined ? await loginText(flags, environment) : loginFile(flags.fromFile, environment);
  const data = { ".dockerconfigjson": Buffer.from(text).toString("base64") };
  return { apiVersion: "v1", kind: "Secret", metadata: { name }, type: "kubernetes.io/dockerconfigjson", data };
}

async function loginText(flags: RegistryFlags, environment: Environment): Promise<string> {
  const { dockerServer, dockerUsername: username, dockerEmail: email } = flags;
  if (flags.dockerPassword !== undefined && flags.dockerPasswordStdin)
    throw usageProblem("the password is given twice", "leave --docker-password or --docker-password-stdin out");
  const password = flags.dockerPasswordStdin
    ? (await readInput(environment)).replace(/\r?\n$/, "")
    : flags.dockerPassword;
  if (!username || !password)
    throw usageProblem(
      "a login has a user and a password",
      "give --docker-username and --docker-password-stdin, or --from-file ~/.docker/config.json",
    );
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({
    auths: { [dockerServer]: { username, password, ...(email !== undefined && { email }), auth } },
  });
}

function loginFile(given: string, environment: Environment): string {
  const file = given.replace(/^\.dockerconfigjson=/, "");
  const text = readBounded(resolve(environment.workingDirectory, file), file);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "auths" in value) return text;
  } catch (cause) {
    throw new Problem("invalid", `${file} is no login file: it is not JSON`, { cause });
  }
  throw new Problem("invalid", `${file} is no login file: it has no auths`, {
    hint: "docker login and orchctl login write such files",
  });
}

/** Refuses a key that is not the certificate's: that is found out here, not by the users of a site. */
export function tlsSecretObject(name: string, flags: TlsFlags, { workingDirectory }: Environment): KubeObject {
  const read = (file: string): string => readBounded(resolve(workingDirectory, file), file);
  const [cert, key] = [read(flags.cert), read(flags.key)];
  const parsed = parsePem(cert, flags.cert, key, flags.key);
  if (!parsed.certificate.checkPrivateKey(parsed.key))
    throw new Problem("invalid", `${flags.key} is not the key of the certificate in ${flags.cert}`);
  const data = { "tls.crt": Buffer.from(cert).toString("base64"), "tls.key": Buffer.from(key).toString("base64") };
  return { apiVersion: "v1", kind: "Secret", metadata: { name }, type: "kubernetes.io/tls", data };
}

function parsePem(cert: string, certFile: string, key: string, keyFile: string) {
  const parse = <T>(file: string, what: string, run: () => T): T => {
    try {
      return run();
    } catch (cause) {
      throw new Problem("invalid", `${file} holds no ${what} in PEM`, { cause });
    }
  };
  return {
    certificate: parse(certFile, "certificate", () => new X509Certificate(cert)),
    key: parse(keyFile, "private key without a password", () => createPrivateKey(key)),
  };
}

export function deploymentObject(name: string, words: readonly string[], flags: DeploymentFlags): KubeObject {
  if (words.length > 0 && flags.image.length > 1)
    throw usageProblem(
      "a command goes with one image only",
      "write the manifest instead: --dry-run=client -o yaml shows how",
    );
  const labels = { app: name };
  const containers = flags.image.map((image) => ({
    ...{ name: containerName(image), image },
    ...(words.length > 0 && { command: words }),
    ...(flags.port !== undefined && { ports: [{ containerPort: flags.port }] }),
  }));
  const doubled = containers.find((one, i) => containers.some((other, j) => j < i && other.name === one.name));
  if (doubled) throw usageProblem(`two images would make the container ${doubled.name}`, "write the manifest instead");
  const template = { metadata: { labels }, spec: { containers } };
  return {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, labels } },
    spec: { replicas: flags.replicas, selector: { matchLabels: labels }, template },
  };
}

/** `registry:5000/team/nginx:1.29@sha256:…` → `nginx`. */
const containerName = (image: string): string => {
  const last = image.replace(/@.*$/, "").split("/").at(-1) ?? "";
  return (
    last
      .replace(/:.*$/, "")
      .toLowerCase()
      .replace(/[^a-z0-9-]/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 63) || "main"
  );
};
