/** Logs in to registries: the credentials are tried first, then kept. */
import { readFileSync } from "node:fs";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Environment } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";
import { checkCredentials, type RegistryAccess } from "../../registries/check-credentials.ts";
import { removeCredentials, serverName, storeCredentials } from "../../registries/credentials.ts";
import type { StoredCredentials } from "../../registries/docker-config.ts";
import { Prompt } from "../../registries/prompt.ts";

export interface LoginOptions {
  readonly username?: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
  readonly caFile?: string;
  readonly plainHttp?: boolean;
  readonly insecureSkipTlsVerify?: boolean;
}

const maxPasswordBytes = 64 * 1024;

export async function runLogin(
  given: string | undefined,
  options: LoginOptions,
  environment: Environment,
): Promise<void> {
  const server = checkedServer(given);
  if (options.password !== undefined && options.passwordStdin)
    throw usageProblem("--password and --password-stdin exclude each other");
  const access: RegistryAccess = {
    server,
    plainHttp: options.plainHttp ?? false,
    insecureSkipTlsVerify: options.insecureSkipTlsVerify ?? false,
    certificateAuthority: options.caFile === undefined ? undefined : authorityIn(options.caFile),
  };
  const credentials = await askedFor(server, options, environment);
  await checkCredentials(access, credentials, environment.signal);
  const { place, isEncrypted } = await storeCredentials(server, credentials, environment);
  environment.out.write(`Logged in to ${server} as ${credentials.username}. The credentials are kept in ${place}.\n`);
  if (!isEncrypted) {
    environment.err.write(
      "note: they are not encrypted there; a credential helper (credsStore in that file) keeps them safer\n",
    );
  }
}

export async function runLogout(given: string | undefined, environment: Environment): Promise<void> {
  const server = checkedServer(given);
  const wasThere = await removeCredentials(server, environment);
  environment.out.write(wasThere ? `Logged out of ${server}.\n` : `There were no credentials for ${server}.\n`);
}

function checkedServer(given: string | undefined): string {
  const server = serverName(given);
  if (/^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?$/.test(server)) return server;
  throw usageProblem(
    `${JSON.stringify(given)} is no registry's host`,
    "write it as HOST[:PORT], as registry.example:5000; a login is for a whole registry, not for a repository",
  );
}

async function askedFor(server: string, options: LoginOptions, environment: Environment): Promise<StoredCredentials> {
  const { username, password } = options;
  if (options.passwordStdin) {
    if (username === undefined) throw usageProblem("--password-stdin needs --username");
    return { username, password: await passwordFrom(environment) };
  }
  if (username !== undefined && password !== undefined) {
    environment.err.write("note: --password can be seen by others on this machine; --password-stdin cannot\n");
    return { username, password };
  }
  if (!environment.input.isTerminal) {
    throw usageProblem("there is nobody to ask for user name and password", "use --username and --password-stdin");
  }
  const prompt = new Prompt(environment);
  try {
    const name = username ?? (await prompt.line(`User name for ${server}: `));
    if (name === "") throw usageProblem("a user name is needed");
    const secret = password ?? (await prompt.secret(`Password of ${name} for ${server}: `));
    if (secret === "") throw usageProblem("a password is needed");
    return { username: name, password: secret };
  } finally {
    await prompt.close();
  }
}

/** All of standard input, without the end of its last line. */
async function passwordFrom(environment: Environment): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of environment.input) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxPasswordBytes) throw new Problem("too-large", "that is too long for a password");
  }
  const password = Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
  if (password === "") throw usageProblem("standard input holds no password");
  return password;
}

function authorityIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw new Problem("not-found", `${file} cannot be read: ${errnoOf(thrown) ?? String(thrown)}`);
  }
}
