/** orchctl image */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption } from "../../program-options.ts";
import type { LoadOptions } from "./load.ts";

export function addImage(program: Command, environment: Environment): void {
  const image = program.command("image").alias("images").description("images on the nodes");
  image
    .command("load")
    .description("load a docker or OCI archive, without a registry: one node takes it, the others get it from there")
    .argument("[archive]", "file made by docker save, skopeo copy … (default: stdin)")
    .option("-i, --input <file>", "the archive")
    .option("--node <name>", "onto this node (default: a ready one)")
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl image load web.tar\n  docker save web:1 | orchctl image load")
    .action(async (archive: string | undefined, options: LoadOptions, command: Command) => {
      const { runLoad } = await import("./load.ts");
      await runLoad(options.input ?? archive, options, globalOptions(command), environment);
    });
}
