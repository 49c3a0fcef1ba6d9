/** A real registry (Debian's docker-registry) in a temporary folder. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must, start } from "../e2e/support/programs.ts";

export interface RegistryOptions {
  /** host:port to listen on. */
  readonly address: string;
  /** Refuses everybody but `registryPuller`. */
  readonly authentication?: boolean;
}

export interface Registry {
  readonly address: string;
  /** Everything it logged, with one line a request. */
  log(): string;
  /** Copies a docker-archive into the registry under REPOSITORY:TAG; or an archive of another kind that skopeo knows. */
  push(archive: string, reference: string, kind?: "docker-archive" | "oci-archive"): Promise<void>;
  stop(): Promise<void>;
}

/** Made once, with bcrypt: no program for it is needed where the tests run. */
export const registryPuller = { name: "puller", password: "p4ss-word-9f3c1" } as const;
const htpasswd = "puller:$2y$05$xhq4CFWXRQzPsXxKzVNp9uxibtbf1B5AQUI6FqU58CPJuowXl/q6u\n";

export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), "orch-registry-"));
  const auth = options.authentication
    ? `auth:
  htpasswd:
    realm: test
    path: ${join(folder, "htpasswd")}
`
    : "";
  writeFileSync(join(folder, "htpasswd"), htpasswd);
  const config = `version: 0.1\nlog: { level: info }\nstorage:\n  filesystem: { rootdirectory: ${join(folder, "data")} }\n  delete: { enabled: true }\nhttp: { addr: "${options.address}" }\n${auth}`;
  writeFileSync(join(folder, "config.yml"), config);
  const server = start("docker-registry", ["serve", join(folder, "config.yml")]);
  await server.waitFor(/listening on/, 20_000);
  const { name, password } = registryPuller;
  const credentials = options.authentication ? ["--dest-creds", `${name}:${password}`] : [];
  return {
    address: options.address,
    log: () => server.text(),
    push: async (archive, reference, kind = "docker-archive") => {
      const target = `docker://${options.address}/${reference}`;
      await must(
        "skopeo",
        ["--insecure-policy", "copy", "--dest-tls-verify=false", ...credentials, `${kind}:${archive}`, target],
        { timeoutMs: 180_000 },
      );
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
