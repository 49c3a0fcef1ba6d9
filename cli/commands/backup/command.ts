/** orchctl cluster backup, restore */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption } from "../../program-options.ts";
import type { BackupFlags, RestoreFlags } from "./run.ts";

export function addBackup(cluster: Command, environment: Environment): void {
  cluster
    .command("backup")
    .description("write all of the cluster's state into one file: objects, authority, and the keys that open them")
    .argument("<file>")
    .option("--passphrase-file <file>", "encrypt it with the passphrase in this file")
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      `
Examples:
  orchctl cluster backup /backup/prod-$(date +%F).orch --passphrase-file /root/backup-passphrase
  orchctl cluster restore /backup/prod-2026-05-01.orch --verify

All keys are read at one revision while the cluster goes on. Events and join tokens are left out: they live for hours. What pods keep in
volumes is not in it. Without a passphrase whoever can read the file can read every Secret and act as the cluster.`,
    )
    .action(async (file: string, options: BackupFlags, command: Command) => {
      const { backup } = await import("./run.ts");
      await backup(file, options, globalOptions(command), environment);
    });
  cluster
    .command("restore")
    .description("put a backup into the empty store of a new control plane on this machine")
    .argument("<file>")
    .option("--verify", "only read the file and compare its digest; nothing is changed, no cluster is needed")
    .option("--passphrase-file <file>", "holds the passphrase of an encrypted backup")
    .option("--data-dir <dir>", "of the control plane to be (default: /var/lib/orch/CLUSTER/control-plane)")
    .argument("[flags...]", "after --: more flags of orch-control-plane, such as those for your own etcd")
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      `
Examples:
  orchctl cluster restore prod.orch --verify
  sudo orchctl cluster restore prod.orch --passphrase-file /root/backup-passphrase
  sudo orchctl cluster restore prod.orch -- --etcd-endpoints https://10.0.0.1:2379 --etcd-ca … --etcd-cert … --etcd-key …

Then start orch-control-plane there, at the address the nodes know. Their pods run on meanwhile and are taken over as they are; pods made
after the backup stop, pods deleted since start again. A restore that was cut off is begun anew by running it again.`,
    )
    .action(async (file: string, flags: string[], options: RestoreFlags) => {
      const { restore } = await import("./run.ts");
      await restore(file, flags, options, environment);
    });
}
