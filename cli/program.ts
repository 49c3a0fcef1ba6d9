/** The tree of commands: names, flags and help. */
import { Command, type CommanderError, Option } from "commander";
import { version } from "#proto/kit/version.ts";
import { dockerHint } from "./docker-words.ts";
import type { Environment } from "./environment.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseDuration } from "./program-options.ts";

/** Name of a command → what adds it (and its siblings), in the order of the help text. */
export type Additions = Readonly<Record<string, (program: Command, environment: Environment) => void>>;

/** With `wanted`, the name of a command, only that one is there: the others cost time. Any other word makes all of them. */
export function createProgram(environment: Environment, additions: Additions, wanted = ""): Command {
  const program = new Command("orchctl")
    .description("Runs containers on many machines, as declared in Kubernetes manifests.")
    .version(`orchctl ${version}`, "--version", "the version of this orchctl; the cluster's too: orchctl version")
    .enablePositionalOptions()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => environment.out.write(text),
      writeErr: (text) => environment.err.write(text),
      outputError: () => undefined, // exitOverrides says it, with what to do
    })
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl cluster up                     a local cluster of 3 nodes\n  orchctl apply -f examples/ --wait      run what the files say\n  orchctl get pods -o wide               what runs where\n\nEvery command explains itself: orchctl COMMAND --help",
    );
  const only = Object.hasOwn(additions, wanted) ? additions[wanted] : undefined;
  for (const add of only ? [only] : new Set(Object.values(additions))) add(program, environment);
  addGlobalOptions(program);
  exitOverrides(program, environment);
  return program;
}

/** On every command, before and after its name: so that `exec` and `run` can leave the flags behind their operands alone. */
function addGlobalOptions(command: Command): void {
  const isLeaf = command.commands.length === 0;
  for (const option of globalFlags()) command.addOption(isLeaf ? option : option.hideHelp(command.parent !== null));
  for (const child of command.commands) addGlobalOptions(child);
}

function globalFlags(): readonly Option[] {
  return [
    new Option("-n, --namespace <name>", "namespace (default: the context's, else default)"),
    new Option("--context <name>", "cluster to talk to, instead of the current context"),
    new Option("--config <file>", "context file (default: $ORCH_CONFIG or ~/.config/orch/config)"),
    new Option(
      "--request-timeout <duration>",
      "give up a request after this long (default: 30s; 0: never); a watch only ends by it when it is given",
    ).argParser(parseDuration),
  ];
}

/** As every other error: a sentence, and after it what to do. */
function wrongUse(command: Command, message: string): string {
  const [sentence = "", guess] = message.split(/\n\((Did you mean .*)\)$/);
  const unknown = /unknown command '([^']+)'/.exec(sentence)?.[1];
  const instead = command.parent || unknown === undefined ? undefined : dockerHint(unknown);
  const usage = `${pathOf(command)} --help shows how it is used`;
  return `${sentence}\n  → ${instead ?? guess?.replace("Did", "did") ?? usage}\n`;
}

/** commander ends the process by itself; we leave that to main. */
function exitOverrides(command: Command, environment: Environment): void {
  command.exitOverride((error: CommanderError) => {
    environment.setExitCode(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage);
    const isAsked = error.exitCode === 0 || error.code.startsWith("commander.help");
    if (!isAsked) environment.err.write(wrongUse(command, error.message));
    throw error;
  });
  for (const child of command.commands) exitOverrides(child, environment);
}

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
