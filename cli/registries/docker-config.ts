/** The file in which docker, podman and we keep credentials of registries. Keys we do not know stay as they are. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Environment } from "../environment.ts";

type Json = Readonly<Record<string, unknown>>;

export interface StoredCredentials {
  readonly username: string;
  readonly password: string;
  /** In place of the password: traded for tokens. */
  readonly identityToken?: string;
}

export class DockerConfig {
  readonly path: string;
  #content: Json;

  private constructor(path: string, content: Json) {
    this.path = path;
    this.#content = content;
  }

  /** `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`. A file that cannot be read is never taken for an empty one. */
  static load(environment: Pick<Environment, "variables" | "homeDirectory">): DockerConfig {
    const directory = environment.variables.DOCKER_CONFIG || join(environment.homeDirectory, ".docker");
    const path = join(directory, "config.json");
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (thrown) {
      if (errnoOf(thrown) === "ENOENT") return new DockerConfig(path, {});
      throw new Problem("forbidden", `${path} cannot be read: ${errnoOf(thrown) ?? String(thrown)}`);
    }
    return new DockerConfig(path, parse(text, path));
  }

  /** Program `docker-credential-NAME` that keeps the credentials of this server, if one does. */
  helperFor(server: string): string | undefined {
    const own = objectOf(this.#content.credHelpers)[server];
    const name = typeof own === "string" ? own : this.#content.credsStore;
    return typeof name === "string" && /^[\w.-]+$/.test(name) ? name : undefined;
  }

  get(server: string): StoredCredentials | undefined {
    const entry = objectOf(objectOf(this.#content.auths)[server]);
    const { auth, username, password, identitytoken } = entry;
    const [name = "", ...rest] = Buffer.from(typeof auth === "string" ? auth : "", "base64")
      .toString("utf8")
      .split(":");
    const credentials = {
      username: typeof username === "string" ? username : name,
      password: typeof password === "string" ? password : rest.join(":"),
    };
    if (typeof identitytoken === "string" && identitytoken !== "")
      return { ...credentials, identityToken: identitytoken };
    return credentials.username === "" ? undefined : credentials;
  }

  /** Undefined: the helper keeps the credentials, the file only says that there are some. */
  set(server: string, credentials: StoredCredentials | undefined): void {
    const auth = credentials && Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
    this.#write({ ...objectOf(this.#content.auths), [server]: auth === undefined ? {} : { auth } });
  }

  /** Whether there was anything. */
  remove(server: string): boolean {
    const { [server]: known, ...others } = objectOf(this.#content.auths);
    if (known !== undefined) this.#write(others);
    return known !== undefined;
  }

  #write(auths: Json): void {
    const content = { ...this.#content, auths };
    const temporary = `${this.path}.orchctl.tmp`;
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(temporary, `${JSON.stringify(content, undefined, "\t")}\n`, { mode: 0o600 });
      chmodSync(temporary, 0o600); // one that was left by an earlier attempt
      renameSync(temporary, this.path);
    } catch (thrown) {
      rmSync(temporary, { force: true });
      throw new Problem("forbidden", `${this.path} cannot be written: ${errnoOf(thrown) ?? String(thrown)}`);
    }
    this.#content = content;
  }
}

function parse(text: string, path: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // said below
  }
  throw new Problem("invalid", `${path} is no JSON object`, { hint: "mend the file, or move it away" });
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
