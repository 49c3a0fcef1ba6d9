/** orchctl completion, and the hidden command behind it. */
import { Argument, type Command } from "commander";
import type { Environment } from "../../environment.ts";

export function addCompletion(program: Command, environment: Environment): void {
  program
    .command("completion")
    .description("print a script that completes commands, flags, and names in the cluster")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .addHelpText(
      "after",
      "\nExamples:\n  source <(orchctl completion bash)                               # this shell; the line may stand in ~/.bashrc\n  orchctl completion bash > /etc/bash_completion.d/orchctl        # all shells\n  source <(orchctl completion zsh)                                # in ~/.zshrc\n  orchctl completion fish > ~/.config/fish/completions/orchctl.fish",
    )
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { scripts } = await import("./scripts.ts");
      environment.out.write(scripts[shell]);
    });
  program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const { complete } = await import("./complete.ts");
      const { candidates, files } = await complete(program, words, environment);
      for (const { word, text } of candidates) environment.out.write(text === "" ? `${word}\n` : `${word}\t${text}\n`);
      if (files) environment.out.write(":files\n");
    });
}
