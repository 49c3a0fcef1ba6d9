/** Renews the certificate in a context, with a fresh key. */
import { readCertificate } from "#proto/identity/certificate.ts";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import { toTime } from "#proto/kit/clock.ts";
import { administrationService } from "#proto/wire/generated/services/administration.ts";
import { withConnection } from "../../client/connect.ts";
import { configPath, readConfig, writeConfig } from "../../context/config-file.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";

export async function renewContext(
  name: string | undefined,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const options = name === undefined ? global : { ...global, context: name };
  await withConnection({ ...options, withCertificate: true }, environment, async ({ api, context }) => {
    const { user } = readCertificate(context.clientCertificate);
    const { privateKeyPem, signingRequestPem } = await createSigningRequest(user);
    const reply = await api.rpc.unary(
      administrationService.renewOwnCertificate,
      { signingRequest: Buffer.from(signingRequestPem) },
      { signal: environment.signal },
    );
    const renewed = {
      ...context,
      certificateAuthority: Buffer.from(reply.authorities).toString("utf8"),
      clientCertificate: Buffer.from(reply.certificateChain).toString("utf8"),
      clientKey: privateKeyPem,
    };
    const path = configPath(global.config, environment.variables.ORCH_CONFIG, environment.homeDirectory);
    const config = await readConfig(path);
    const contexts = config.contexts.map((one) => (one.name === context.name ? renewed : one));
    writeConfig(path, { ...config, contexts });
    environment.err.write(
      `Context "${context.name}": the certificate of ${user} is good until ${toTime(reply.expiresAtMs)}.\n`,
    );
  });
}
