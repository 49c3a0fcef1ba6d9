/** Writes, checks and restores backups. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type BackupHeader,
  type BackupItem,
  type BackupSummary,
  verifyBackupFile,
  writeBackupFile,
} from "#proto/backup/backup-file.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { administrationService } from "#proto/wire/generated/services/administration.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { exitCodes } from "../../exit-codes.ts";
import { jsonOf } from "../../printers/json.ts";

export interface BackupFlags {
  readonly passphraseFile?: string;
  readonly output?: string;
}

export interface RestoreFlags extends BackupFlags {
  readonly verify?: boolean;
  readonly dataDir?: string;
}

export async function backup(
  file: string,
  flags: BackupFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const path = resolve(environment.workingDirectory, file);
  if (existsSync(path)) {
    throw new Problem("already-exists", `${file} is there already`, {
      hint: "a backup overwrites nothing: choose another name",
    });
  }
  const passphrase = readPassphrase(flags, environment);
  const summary = await withConnection(global, environment, async (connection) => {
    const content = await receive(connection, environment);
    return await writeBackupFile(path, content, { passphrase, random: systemRandom });
  });
  const checked = await verifyBackupFile(path, passphrase);
  if (checked.sha256 !== summary.sha256) throw new Problem("internal", `${file} does not read back as it was written`);
  environment.out.write(
    flags.output === "json" ? jsonOf(summary) : `${sentenceOf(summary)} Written to ${file}, read back and compared.\n`,
  );
  if (summary.isEncrypted) return;
  environment.err.write(
    `warning: ${file} holds every Secret and the keys of the cluster in the clear (mode 0600): keep it as you keep those, or use --passphrase-file\n`,
  );
}

/** The header first; ends well only when all that was announced has come. */
async function receive(
  { api }: Connection,
  environment: Environment,
): Promise<{ readonly header: BackupHeader; readonly items: AsyncIterable<BackupItem> }> {
  const parts = api.rpc.serverStream(administrationService.backup, {}, { signal: environment.signal });
  const first = await parts.next();
  if (first.done || first.value.header.length === 0) throw new Problem("internal", "the control plane sent no backup");
  const header = JSON.parse(Buffer.from(first.value.header).toString("utf8")) as BackupHeader;
  const items = async function* items(): AsyncGenerator<BackupItem> {
    let count = 0;
    for await (const part of parts) {
      for (const { key, value } of part.items) {
        count++;
        yield { key: key ?? "", value: value ?? new Uint8Array() };
      }
      if (part.trailer.length === 0) continue;
      const announced = JSON.parse(Buffer.from(part.trailer).toString("utf8")) as { readonly items: number };
      if (announced.items === count) return;
      throw new Problem("internal", `${count} of ${announced.items} keys came`);
    }
    throw new Problem("unavailable", "the control plane went away before all was told");
  };
  return { header, items: items() };
}

export async function restore(
  file: string,
  more: readonly string[],
  flags: RestoreFlags,
  environment: Environment,
): Promise<void> {
  const path = resolve(environment.workingDirectory, file);
  const summary = await verifyBackupFile(path, readPassphrase(flags, environment));
  if (flags.verify) {
    environment.out.write(flags.output === "json" ? jsonOf(summary) : `${sentenceOf(summary)} The file is whole.\n`);
    return;
  }
  const args = ["--cluster", summary.cluster, "--restore", path, "--log-level", "warn"]
    .concat(flags.dataDir === undefined ? [] : ["--data-dir", resolve(environment.workingDirectory, flags.dataDir)])
    .concat(
      flags.passphraseFile === undefined
        ? []
        : ["--passphrase-file", resolve(environment.workingDirectory, flags.passphraseFile)],
    )
    .concat(more);
  const code = await runControlPlane(args, environment);
  if (code !== 0) environment.setExitCode(exitCodes.failed);
}

function sentenceOf({ cluster, createdAt, items, revision, version, sha256, isEncrypted }: BackupSummary): string {
  const kind = isEncrypted ? "encrypted" : "not encrypted";
  return `Cluster "${cluster}" as of ${createdAt} (revision ${revision}, version ${version}): ${items} keys, ${kind}, sha256 ${sha256.slice(0, 16)}.`;
}

/** It says by itself what it did, and what is wrong. */
function runControlPlane(args: readonly string[], environment: Environment): Promise<number> {
  return new Promise((done, reject) => {
    const program = join(environment.programs, "bin/orch-control-plane");
    const child = spawn(program, [...args], { stdio: ["ignore", "inherit", "inherit"], signal: environment.signal });
    child.once("error", (error) => reject(new Problem("unavailable", `${program} cannot be run`, { cause: error })));
    child.once("close", (code) => done(code ?? 1));
  });
}

function readPassphrase({ passphraseFile }: BackupFlags, environment: Environment): string | undefined {
  if (passphraseFile === undefined) return undefined;
  const path = resolve(environment.workingDirectory, passphraseFile);
  if (!existsSync(path)) throw new Problem("not-found", `there is no file ${passphraseFile}`);
  const passphrase = readFileSync(path, "utf8").replace(/\r?\n$/, "");
  if (passphrase.length < 8)
    throw new Problem("invalid", `the passphrase in ${passphraseFile} is shorter than 8 characters`);
  return passphrase;
}
