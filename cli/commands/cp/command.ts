/** orchctl cp */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import type { CpOptions } from "./run.ts";

export function addCp(program: Command, environment: Environment): void {
  program
    .command("cp")
    .description("copy files and directories into a container or out of it; the container needs no tar")
    .argument("<source>", "PATH here, or POD:PATH")
    .argument("<destination>", "POD:PATH, or PATH here; into a directory that is there, else under this name")
    .option("-c, --container <name>", "which container (default: the first)")
    .option("-L, --follow-link", "out of a container: where the source is a link, what it leads to")
    .addHelpText(
      "after",
      `
POD is also KIND/NAME or NAMESPACE/POD. A source that ends with /. means what is in the directory, without the directory.
Links below a source are copied as links, never followed; files put into a container belong to its user.

Examples:
  orchctl cp web-1:/var/log/app.log .
  orchctl cp ./site web-1:/usr/share/www
  orchctl cp ./site/. deployment/web:/usr/share/www -c nginx`,
    )
    .action(async (source: string, destination: string, options: CpOptions, command: Command) => {
      const { runCp } = await import("./run.ts");
      await runCp(source, destination, options, globalOptions(command), environment);
    });
}
