/** Opens the store, puts a backup into it, and closes it again. */
import { readFile } from "node:fs/promises";
import type { BackupSummary } from "#proto/backup/backup-file.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { restoreBackup } from "./backup/restore.ts";
import type { ControlPlaneConfig } from "./config.ts";
import { openStore } from "./open-store.ts";
import type { ControlPlaneDependencies } from "./wiring.ts";

export async function restoreOnly(
  config: ControlPlaneConfig,
  dependencies: ControlPlaneDependencies,
  signal: AbortSignal,
): Promise<BackupSummary> {
  const { restore, settings, keyFile } = config;
  if (!restore) throw new Problem("internal", "there is nothing to restore");
  const passphrase = await readPassphrase(restore.passphraseFile);
  const connection = await openStore(config, dependencies, signal);
  try {
    const { kv } = connection;
    const { logger } = dependencies;
    const options = { file: restore.file, passphrase, kv, cluster: settings.clusterName, keyFile, logger };
    return await restoreBackup(options, signal);
  } finally {
    await connection.stop();
  }
}

async function readPassphrase(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return (await readFile(path, "utf8")).replace(/\r?\n$/, "");
  } catch (thrown) {
    throw new Problem(
      "invalid",
      `the file ${path} of --passphrase-file cannot be read (${errnoOf(thrown) ?? "unknown"})`,
    );
  }
}
