/** Makes a key here, asks the cluster for a certificate, and writes both as a context file. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { apiService } from "#proto/wire/generated/services/cluster.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import { type ConfigFile, type Context, configText, writeConfig } from "../../context/config-file.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";

export interface AddUserFlags {
  readonly group: readonly string[];
  readonly ttl: number;
  readonly file?: string;
}

const knownGroups = ["orch:viewers", "orch:editors", "system:masters"];

export async function addUserContext(
  name: string,
  flags: AddUserFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const given = flags.file ?? `${name}.yaml`;
  const path = given === "-" ? undefined : resolve(environment.workingDirectory, given);
  if (path !== undefined && existsSync(path)) {
    throw new Problem("already-exists", `${given} is there already`, {
      hint: "choose another file with --file, or remove it",
    });
  }
  await withConnection(global, environment, async (connection) => {
    const { context, expiresAtMs } = await issue(name, flags, connection, environment);
    const config: ConfigFile = {
      apiVersion: "orch/v1",
      kind: "Config",
      currentContext: context.name,
      contexts: [context],
    };
    if (path === undefined) environment.out.write(configText(config));
    else writeConfig(path, config);
    for (const group of flags.group.filter((one) => !knownGroups.includes(one))) {
      environment.err.write(`warning: the group "${group}" is none of ${knownGroups.join(", ")}: it may do nothing\n`);
    }
    if (path === undefined) return;
    environment.out.write(
      `User ${name} (${flags.group.join(", ")}) has a certificate until ${toTime(expiresAtMs)}. ` +
        `Hand ${given} over on a safe way; there: orchctl config import ${given}\n`,
    );
  });
}

async function issue(
  name: string,
  flags: AddUserFlags,
  { api, context }: Connection,
  environment: Environment,
): Promise<{ readonly context: Context; readonly expiresAtMs: number }> {
  const { privateKeyPem, signingRequestPem } = await createSigningRequest(name);
  const reply = await api.rpc.unary(
    apiService.issueUserCertificate,
    { user: name, groups: [...flags.group], lifetimeMs: flags.ttl, signingRequest: Buffer.from(signingRequestPem) },
    { signal: environment.signal },
  );
  return {
    context: {
      name: context.cluster,
      server: context.server,
      cluster: context.cluster,
      certificateAuthority: Buffer.from(reply.authorities).toString("utf8"),
      clientCertificate: Buffer.from(reply.certificateChain).toString("utf8"),
      clientKey: privateKeyPem,
    },
    expiresAtMs: Number(reply.expiresAtMs),
  };
}
