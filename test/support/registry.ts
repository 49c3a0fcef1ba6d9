/** A real registry (Debian's docker-registry) in a temporary folder. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must, start } from "../e2e/support/programs.ts";

export interface RegistryOptions {
  /** host:port to listen on. */
  readonly address: string;
  /** Refuses everybody else. */
  readonly user?: { readonly name: string; readonly password: string };
}

export interface Registry {
  readonly address: string;
  /** Everything it logged, with one line a request. */
  log(): string;
  /** Copies a docker-archive into the registry under REPOSITORY:TAG. */
  push(archive: string, reference: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), "orch-registry-"));
  const auth =
    options.user === undefined ? "" : `auth:\n  htpasswd:\n    realm: test\n    path: ${join(folder, "htpasswd")}\n`;
  if (options.user) {
    const hash = (
      await must("python3", [
        "-c",
        "import crypt,sys; print(crypt.crypt(sys.argv[1], crypt.mksalt(crypt.METHOD_BLOWFISH)))",
        options.user.password,
      ])
    ).trim();
    writeFileSync(join(folder, "htpasswd"), `${options.user.name}:${hash.replace(/^\$2b\$/, "$2y$")}\n`);
  }
  const config = `version: 0.1\nlog: { level: info }\nstorage:\n  filesystem: { rootdirectory: ${join(folder, "data")} }\n  delete: { enabled: true }\nhttp: { addr: "${options.address}" }\n${auth}`;
  writeFileSync(join(folder, "config.yml"), config);
  const server = start("docker-registry", ["serve", join(folder, "config.yml")]);
  await server.waitFor(/listening on/, 20_000);
  const credentials =
    options.user === undefined ? [] : ["--dest-creds", `${options.user.name}:${options.user.password}`];
  return {
    address: options.address,
    log: () => server.text(),
    push: async (archive, reference) => {
      const target = `docker://${options.address}/${reference}`;
      await must(
        "skopeo",
        ["--insecure-policy", "copy", "--dest-tls-verify=false", ...credentials, `docker-archive:${archive}`, target],
        { timeoutMs: 180_000 },
      );
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
