/** orchctl events, describe, wait */
import type { Command } from "commander";
import { addSelectFlags } from "../../changes/flags.ts";
import type { SelectFlags } from "../../changes/select.ts";
import type { Environment } from "../../environment.ts";
import { collect, globalOptions, outputOption, parseDuration } from "../../program-options.ts";
import type { DescribeFlags } from "../describe/run.ts";
import type { EventsOptions } from "./run.ts";

export function addEvents(program: Command, environment: Environment): void {
  program
    .command("events")
    .description("what happened lately")
    .option("-A, --all-namespaces", "of all namespaces")
    .option("--for <object>", "only about KIND/NAME")
    .option("--types <types>", "only these types, as Warning")
    .option("-w, --watch", "then keep printing, until Ctrl-C or for as long as --request-timeout")
    .addOption(outputOption("json", "yaml"))
    .addHelpText("after", "\nExamples:\n  orchctl events --for pod/web-1\n  orchctl events -A --types Warning -w")
    .action(async (options: EventsOptions, command: Command) => {
      const { runEvents } = await import("./run.ts");
      await runEvents(options, globalOptions(command), environment);
    });
}

export function addDescribe(program: Command, environment: Environment): void {
  program
    .command("describe")
    .description("the story of an object: what it is, how it is, and what happened")
    .argument("<target...>", "KIND/NAME, or KIND NAME, or KIND for all")
    .option("-l, --selector <labels>", "all with these labels")
    .option("--field-selector <fields>", "all with these fields, as status.phase=Failed")
    .option("-A, --all-namespaces", "of all namespaces")
    .option("--no-show-events", "without events")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl describe pod web-1\n  orchctl describe deployment/web\n  orchctl describe node node-1\n  orchctl describe pods -A --field-selector status.phase=Pending",
    )
    .action(async (words: string[], options: DescribeFlags, command: Command) => {
      const { runDescribe } = await import("../describe/run.ts");
      await runDescribe(words, options, globalOptions(command), environment);
    });
}

export function addWait(program: Command, environment: Environment): void {
  const command = program
    .command("wait")
    .description("wait until objects are as asked; without --for: until pods have ended, as docker wait")
    .argument("[target...]", "KIND/NAME …, or KIND NAME …; without --for: POD …")
    .option(
      "--for <what>",
      "condition=Ready[=False], delete, create, or jsonpath={.status.phase}=Running; may repeat",
      collect,
    )
    .option("--timeout <duration>", "how long, for all together (default: 30s; without --for no end)", parseDuration)
    .option("-c, --container <name>", "without --for: which container (default: the first)")
    .addOption(outputOption("name"));
  addSelectFlags(command)
    .addHelpText(
      "after",
      "\nWithout --for it prints the exit code of each pod's container as soon as that has ended.\nEach of several is told: met, or how it stands.\nLeaves with 8 at the time-out.\n\nExamples:\n  orchctl wait job-1\n  orchctl wait pod/web-1 --for condition=Ready\n  orchctl wait deployment/web --for condition=Available --timeout 2m\n  orchctl wait pod -l app=web --for delete\n  orchctl wait pods --all --for jsonpath='{.status.containerStatuses[0].ready}'=true",
    )
    .action(async (words: string[], { for: conditions, timeout, container, ...flags }: WaitFlags, own: Command) => {
      if (conditions === undefined) {
        const { runWaitForEnd } = await import("../wait/for-end.ts");
        const request = { ...flags, ...(container !== undefined && { container }) };
        return runWaitForEnd(
          words,
          { ...request, ...(timeout !== undefined && { timeout }) },
          globalOptions(own),
          environment,
        );
      }
      const { runWait } = await import("../wait/run.ts");
      await runWait(words, { ...flags, conditions, timeoutMs: timeout ?? 30_000 }, globalOptions(own), environment);
    });
}

interface WaitFlags extends SelectFlags {
  readonly for?: readonly string[];
  readonly container?: string;
  readonly timeout?: number;
  readonly output?: string;
}
