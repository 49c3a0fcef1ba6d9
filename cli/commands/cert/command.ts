/** orchctl cert */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption } from "../../program-options.ts";
import type { RevokeFlags, StatusFlags } from "./run.ts";

export function addCert(program: Command, environment: Environment): void {
  const cert = program
    .command("cert")
    .description("certificates: who has which, and taking one back")
    .addHelpText("after", '\nExamples:\n  orchctl cert status\n  orchctl cert revoke ana --reason "left the company"');
  cert
    .command("status")
    .description("all certificates that were given out: whose, until when, renewed when, revoked or not")
    .option("--all", "also those that were replaced or have expired")
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      `
Examples:
  orchctl cert status
  orchctl cert status --all -o json

In use: its holder has shown it. Given out: nobody has shown it yet.`,
    )
    .action(async (options: StatusFlags, command: Command) => {
      const { printCertificates } = await import("./run.ts");
      await printCertificates(options, globalOptions(command), environment);
    });
  cert
    .command("revoke")
    .description("make certificates good for nothing, at once: their connections are cut")
    .argument("<who>", "a person, a node, or a serial number")
    .option("--reason <text>", "why; its holder is told")
    .option("-y, --yes", "also the certificates of whoever asks")
    .addHelpText(
      "after",
      `
Examples:
  orchctl cert revoke ana --reason "left the company"
  orchctl cert revoke node-3
  orchctl cert revoke 5E:03:9C:…          one certificate, as orchctl cert status lists it

A person gets another one by orchctl user add; a machine joins again by orchctl node join.
Deleting a Node revokes its certificates too.`,
    )
    .action(async (who: string, options: RevokeFlags, command: Command) => {
      const { revoke } = await import("./run.ts");
      await revoke(who, options, globalOptions(command), environment);
    });
}
