/** The tree of commands: names, flags and help. What a command does is loaded only when it runs, so that help is instant. */
import { Command, type CommanderError, Option } from "commander";
import { version } from "#proto/kit/version.ts";
import { addApply } from "./commands/apply/command.ts";
import { addAttach } from "./commands/attach/command.ts";
import { addAuth, addWhoami } from "./commands/auth/command.ts";
import { addCert } from "./commands/cert/command.ts";
import { addCluster } from "./commands/cluster/command.ts";
import { addCompletion } from "./commands/completion/command.ts";
import { addConfig } from "./commands/config/command.ts";
import { addCp } from "./commands/cp/command.ts";
import { addCreate } from "./commands/create/command.ts";
import { addDebug } from "./commands/debug/command.ts";
import { addDelete } from "./commands/delete/command.ts";
import { addDiff } from "./commands/diff/command.ts";
import { addEdit } from "./commands/edit/command.ts";
import { addDescribe, addEvents, addWait } from "./commands/events/command.ts";
import { addExec } from "./commands/exec/command.ts";
import { addApiResources, addExplain } from "./commands/explain/command.ts";
import { addGet } from "./commands/get/command.ts";
import { addImage } from "./commands/image/command.ts";
import { addInspect } from "./commands/inspect/command.ts";
import { addAnnotate, addLabel } from "./commands/label/command.ts";
import { addLifecycle } from "./commands/lifecycle/command.ts";
import { addLogin } from "./commands/login/command.ts";
import { addLogs } from "./commands/logs/command.ts";
import { addNode } from "./commands/node/command.ts";
import { addPatch } from "./commands/patch/command.ts";
import { addPortForward } from "./commands/port-forward/command.ts";
import { addPs } from "./commands/ps/command.ts";
import { addReplace } from "./commands/replace/command.ts";
import { addRollout } from "./commands/rollout/command.ts";
import { addRun } from "./commands/run/command.ts";
import { addScale } from "./commands/scale/command.ts";
import { addSet } from "./commands/set/command.ts";
import { addStats } from "./commands/stats/command.ts";
import { addTaint } from "./commands/taint/command.ts";
import { addToken } from "./commands/token/command.ts";
import { addTop } from "./commands/top/command.ts";
import { addUser } from "./commands/user/command.ts";
import { addVersion } from "./commands/version/command.ts";
import type { Environment } from "./environment.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseDuration } from "./program-options.ts";

type Add = (program: Command, environment: Environment) => void;

/** Name of a command → what adds it (and its siblings), in the order of the help text. */
const additions: Readonly<Record<string, Add>> = {
  apply: addApply,
  diff: addDiff,
  create: addCreate,
  get: addGet,
  describe: addDescribe,
  edit: addEdit,
  patch: addPatch,
  replace: addReplace,
  set: addSet,
  label: addLabel,
  annotate: addAnnotate,
  run: addRun,
  ps: addPs,
  logs: addLogs,
  exec: addExec,
  attach: addAttach,
  stop: addLifecycle,
  start: addLifecycle,
  restart: addLifecycle,
  pause: addLifecycle,
  unpause: addLifecycle,
  kill: addLifecycle,
  rm: addLifecycle,
  inspect: addInspect,
  changes: addInspect,
  stats: addStats,
  debug: addDebug,
  cp: addCp,
  "port-forward": addPortForward,
  scale: addScale,
  rollout: addRollout,
  delete: addDelete,
  events: addEvents,
  top: addTop,
  wait: addWait,
  cordon: addNode,
  uncordon: addNode,
  drain: addNode,
  taint: addTaint,
  node: addNode,
  token: addToken,
  user: addUser,
  cert: addCert,
  cluster: addCluster,
  image: addImage,
  images: addImage,
  pull: addImage,
  push: addImage,
  history: addImage,
  login: addLogin,
  logout: addLogin,
  config: addConfig,
  auth: addAuth,
  whoami: addWhoami,
  explain: addExplain,
  "api-resources": addApiResources,
  version: addVersion,
  completion: addCompletion,
};

/** With `wanted`, the name of a command, only that one is there: the others cost time. Any other word makes all of them. */
export function createProgram(environment: Environment, wanted = ""): Command {
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
    new Option("--request-timeout <duration>", "give up a request after this long (default: 30s)").argParser(
      parseDuration,
    ),
  ];
}

/** As every other error: a sentence, and after it what to do. */
function wrongUse(command: Command, message: string): string {
  const [sentence = "", guess] = message.split(/\n\((Did you mean .*)\)$/);
  return `${sentence}\n  → ${guess?.replace("Did", "did") ?? `${pathOf(command)} --help shows how it is used`}\n`;
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
