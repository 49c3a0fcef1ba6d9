/** orchctl rollout */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, parseCount, parseDuration } from "../../program-options.ts";

interface StatusFlags {
  readonly timeout: number;
  readonly watch: boolean;
  readonly selector?: string;
}

export function addRollout(program: Command, environment: Environment): void {
  const rollout = program
    .command("rollout")
    .description("follow, look back at, and undo changes of a Deployment")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl rollout status deployment/web\n  orchctl rollout history deployment/web\n  orchctl rollout undo deployment/web              back to the revision before\n  orchctl rollout restart deployment/web",
    );
  const target = ["<target...>", "deployment/NAME, or KIND NAME"] as const;
  rollout
    .command("status")
    .description("wait until a rollout is done")
    .argument(...target)
    .option("--timeout <duration>", "how long to wait", parseDuration, 600_000)
    .option("--no-watch", "only say how it is now")
    .option("-l, --selector <labels>", "all with these labels")
    .addHelpText("after", "\nExamples:\n  orchctl rollout status deployment/web --timeout 2m")
    .action(async (words: string[], options: StatusFlags, command: Command) => {
      const { rolloutStatus } = await import("./run.ts");
      const targets = { words, ...(options.selector !== undefined && { selector: options.selector }) };
      await rolloutStatus(targets, options, globalOptions(command), environment);
    });
  rollout
    .command("history")
    .description("earlier revisions")
    .argument(...target)
    .option("--revision <number>", "the pod template of this one", parseCount(1))
    .addHelpText("after", "\nExamples:\n  orchctl rollout history deployment/web --revision 2")
    .action(async (words: string[], options: { revision?: number }, command: Command) => {
      const { rolloutHistory } = await import("./run.ts");
      await rolloutHistory(words, options, globalOptions(command), environment);
    });
  rollout
    .command("undo")
    .description("go back to an earlier revision")
    .argument(...target)
    .option("--to-revision <number>", "which one (default: the one before)", parseCount(1))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl rollout undo deployment/web\n  orchctl rollout undo web --to-revision 3",
    )
    .action(async (words: string[], options: { toRevision?: number }, command: Command) => {
      const { rolloutUndo } = await import("./run.ts");
      await rolloutUndo(words, options, globalOptions(command), environment);
    });
  for (const [verb, description] of [
    ["pause", "hold a rollout"],
    ["resume", "go on with a held rollout"],
    ["restart", "replace all pods, one after the other"],
  ] as const) {
    rollout
      .command(verb)
      .description(description)
      .argument(...target)
      .option("-l, --selector <labels>", "all with these labels")
      .addHelpText(
        "after",
        `\nExamples:\n  orchctl rollout ${verb} deployment/web\n  orchctl rollout ${verb} deploy -l tier=front`,
      )
      .action(async (words: string[], { selector }: { selector?: string }, command: Command) => {
        const { rolloutChange } = await import("./run.ts");
        const targets = { words, ...(selector !== undefined && { selector }) };
        await rolloutChange(verb, targets, globalOptions(command), environment);
      });
  }
}
