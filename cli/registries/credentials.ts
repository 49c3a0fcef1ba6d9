/** Credentials of the person at the keyboard for a registry: from docker's config.json or the helper that it names. */
import type { Environment } from "../environment.ts";
import { helperErase, helperGet, helperStore } from "./credential-helper.ts";
import { DockerConfig, type StoredCredentials } from "./docker-config.ts";

const dockerHub = "docker.io";
const dockerHubKey = "https://index.docker.io/v1/";

/** `r.example` for what people type: with scheme, with an API's path, or nothing at all. */
export function serverName(text: string | undefined): string {
  const bare = (text ?? dockerHub).replace(/^https?:\/\//, "").replace(/\/(?:v[12]\/?)?$/, "");
  return ["index.docker.io", "registry-1.docker.io"].includes(bare) ? dockerHub : bare;
}

/** Under which name the file knows a server. */
const keyOf = (server: string): string => (server === dockerHub ? dockerHubKey : server);

/** Spellings of other tools, which are read too. */
const keysOf = (server: string): readonly string[] => [keyOf(server), server, `https://${server}`, `http://${server}`];

/** Undefined when nobody has logged in there. */
export async function loadCredentials(
  server: string,
  environment: Environment,
): Promise<StoredCredentials | undefined> {
  const config = DockerConfig.load(environment);
  const key = keyOf(server);
  const helper = config.helperFor(key);
  const kept = helper === undefined ? undefined : await helperGet(helper, key, environment);
  return kept ?? keysOf(server).flatMap((name) => config.get(name) ?? [])[0];
}

/** Where they are now, for the message. */
export async function storeCredentials(
  server: string,
  credentials: StoredCredentials,
  environment: Environment,
): Promise<{ readonly place: string; readonly isEncrypted: boolean }> {
  const config = DockerConfig.load(environment);
  const key = keyOf(server);
  const helper = config.helperFor(key);
  if (helper !== undefined) await helperStore(helper, key, credentials, environment);
  config.set(key, helper === undefined ? credentials : undefined);
  return {
    place: helper === undefined ? config.path : `docker-credential-${helper}`,
    isEncrypted: helper !== undefined,
  };
}

/** Whether there were any. */
export async function removeCredentials(server: string, environment: Environment): Promise<boolean> {
  const config = DockerConfig.load(environment);
  const helper = config.helperFor(keyOf(server));
  if (helper !== undefined) await helperErase(helper, keyOf(server), environment);
  const removed = keysOf(server).map((key) => config.remove(key));
  return removed.includes(true);
}
