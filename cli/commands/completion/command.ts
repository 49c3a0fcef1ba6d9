/** orchctl completion, and the hidden command behind it. */
import { Argument, type Command } from "commander";
import type { Environment } from "../../environment.ts";
import { complete } from "./complete.ts";

const bash = `# bash completion for orchctl. Load it with: source <(orchctl completion bash)
_orchctl() {
  local IFS=$'\\n'
  COMPREPLY=($(orchctl __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o nosort -F _orchctl orchctl
`;

export function addCompletion(program: Command, environment: Environment): void {
  program
    .command("completion")
    .description("print a script that completes commands, flags and names")
    .addArgument(new Argument("<shell>").choices(["bash"]))
    .addHelpText(
      "after",
      "\nExamples:\n  source <(orchctl completion bash)\n  orchctl completion bash > /etc/bash_completion.d/orchctl",
    )
    .action(() => environment.out.write(bash));
  program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (words: string[]) => {
      for (const word of await complete(program, words, environment)) environment.out.write(`${word}\n`);
    });
}
