/** orchctl auth, whoami */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption } from "../../program-options.ts";
import type { CanFlags } from "./run.ts";

const run = async (): Promise<typeof import("./run.ts")> => import("./run.ts");

export function addAuth(program: Command, environment: Environment): void {
  const auth = program
    .command("auth")
    .description("who you are to the cluster, and what you may do")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl auth whoami\n  orchctl auth can-i create deployments -n shop\n  orchctl auth can-i --list",
    );
  auth
    .command("can-i")
    .description("whether something is allowed; leaves with 0 for yes, 1 for no")
    .argument("[verb]", "get, list, watch, create, update, patch, delete, deletecollection, or '*'")
    .argument("[target]", "a kind, KIND/NAME, KIND/SUBRESOURCE, or '*'")
    .argument("[name]", "an object of that kind")
    .option("--list", "all that is allowed in the namespace")
    .option("-A, --all-namespaces", "in all namespaces")
    .option("--subresource <name>", "of the kind: log, exec, portforward, scale, status …")
    .option("-q, --quiet", "say nothing: the exit code is the answer")
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl auth can-i create deployments -n shop\n  orchctl auth can-i get secrets/db\n  orchctl auth can-i create pods/exec\n  orchctl auth can-i '*' '*'\n  orchctl auth can-i --list",
    )
    .action(
      async (
        verb: string | undefined,
        target: string | undefined,
        name: string | undefined,
        flags: CanFlags,
        own: Command,
      ) => (await run()).runCanI({ verb, target, name, flags }, globalOptions(own), environment),
    );
  addWho(auth, "orchctl auth whoami", environment);
}

export function addWhoami(program: Command, environment: Environment): void {
  addWho(program, "orchctl whoami", environment);
}

function addWho(parent: Command, example: string, environment: Environment): void {
  parent
    .command("whoami")
    .description("who the cluster sees: user, groups, and how long the certificate is good")
    .addOption(outputOption("json", "yaml", "name"))
    .addHelpText("after", `\nExamples:\n  ${example}\n  ${example} -o json`)
    .action(async (flags: { output?: string }, own: Command) =>
      (await run()).runWhoami(flags, globalOptions(own), environment),
    );
}
