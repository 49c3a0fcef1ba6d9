import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "commander";
import { CommanderError } from "commander";
import { systemClock } from "#proto/kit/clock.ts";
import { allCommands } from "./all-commands.ts";
import { asParsed } from "./command-line.ts";
import { complete } from "./commands/completion/complete.ts";
import type { Environment, Output } from "./environment.ts";
import { createProgram } from "./program.ts";

interface Written {
  text: string;
  code: number;
}

function environmentOf(written: Written): Environment {
  const output: Output = {
    write: (text) => {
      written.text += String(text);
    },
    drained: () => Promise.resolve(),
    isTerminal: false,
    columns: 80,
    size: () => undefined,
    onResize: () => () => undefined,
  };
  return {
    ...{ out: output, err: output, variables: {}, homeDirectory: "/nonexistent", workingDirectory: "/" },
    input: {
      isTerminal: false,
      setRaw: () => undefined,
      async *[Symbol.asyncIterator]() {
        yield* [];
      },
    },
    ...{ programs: "/nonexistent", clock: systemClock, signal: new AbortController().signal, color: false },
    onStopSignal: () => () => undefined,
    setExitCode: (code) => {
      written.code = code;
    },
  };
}

async function run(...words: readonly string[]): Promise<Written> {
  const written: Written = { text: "", code: 0 };
  try {
    await createProgram(environmentOf(written), allCommands, words[0]).parseAsync([...words], { from: "user" });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
  }
  return written;
}

const everyCommand = (command: Command): readonly Command[] =>
  command.commands.flatMap((child) => [child, ...everyCommand(child)]);
const visible = everyCommand(createProgram(environmentOf({ text: "", code: 0 }), allCommands)).filter(
  (command) => !command.name().startsWith("__"),
);
const isGroup = (command: Command): boolean => command.commands.length > 0;
const pathOf = (command: Command): readonly string[] =>
  command.parent ? [...pathOf(command.parent), command.name()] : [];

/** What its help shows, each as typed: without a remark behind it. */
async function examplesOf(command: Command): Promise<readonly string[]> {
  const path = pathOf(command);
  const { text, code } = await run(...path, "--help");
  assert.equal(code, 0, path.join(" "));
  const [examples = ""] = (text.split("Examples:\n")[1] ?? "").split("\n\n");
  return examples.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim().split(/ {2,}/)[0] ?? ""]));
}

test("the help of every command says what it does and shows an example that begins with it", async () => {
  assert.ok(visible.length > 25);
  for (const command of visible) {
    const path = `orchctl ${pathOf(command).join(" ")}`;
    assert.notEqual(command.description(), "", path);
    assert.ok((await examplesOf(command)).join("\n").includes(path), `${path} has no example`);
  }
});

test("the help of every group of commands shows two or more of them at work", async () => {
  const groups = visible.filter(isGroup);
  assert.ok(groups.length >= 10);
  for (const group of groups) {
    const path = pathOf(group).join(" ");
    const shown = (await examplesOf(group)).filter((line) => {
      const [, word = ""] = line.split(`orchctl ${path} `);
      return group.commands.some((command) => command.name() === word.split(" ")[0]);
    });
    assert.ok(shown.length >= 2, `orchctl ${path} shows ${shown.length} of its commands`);
  }
});

test("every flag in an example exists", async () => {
  const program = createProgram(environmentOf({ text: "", code: 0 }), allCommands);
  let checked = 0;
  for (const shownBy of visible)
    for (const example of await examplesOf(shownBy)) {
      const [, typed = ""] = /\borchctl ([^|#)>$]*)/.exec(example) ?? [];
      const words = asParsed(program, typed.split(" "));
      const command = commandOf(program, words);
      const known = new Set(command.options.flatMap(({ short, long }) => [short, long]));
      const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
      for (const [, long, short = ""] of own.join(" ").matchAll(/ (?:(--[a-z][a-z-]*)|-([a-z]+))/gi))
        for (const flag of long === undefined ? [...short].map((letter) => `-${letter}`) : [long]) {
          assert.ok(known.has(flag), `${flag} in: ${example}`);
          checked++;
        }
    }
  assert.ok(checked > 100);
});

/** The command that these words call. */
function commandOf(command: Command, [word = "", ...others]: readonly string[]): Command {
  const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
  return child ? commandOf(child, others) : command;
}

test("options are said in lower case, and none is named twice", () => {
  for (const command of visible.filter((one) => !isGroup(one))) {
    const flags = command.options.flatMap((option) => [option.short, option.long].filter(Boolean));
    assert.deepEqual(flags, [...new Set(flags)], pathOf(command).join(" "));
    for (const option of command.options)
      assert.doesNotMatch(option.description, /^[A-Z][a-z]+ [a-z]|\.$/, option.flags);
  }
});

test("a command added alone is the same as among all", async () => {
  for (const name of ["get", "drain", "rollout", "cluster"]) {
    const all: Written = { text: "", code: 0 };
    await createProgram(environmentOf(all), allCommands)
      .parseAsync([name, "--help"], { from: "user" })
      .catch(() => undefined);
    assert.equal((await run(name, "--help")).text, all.text, name);
  }
});

test("wrong use is exit code 2, with a near word where there is one", async () => {
  const cases = [
    [["frobnicate"], /^error: unknown command 'frobnicate'\n {2}→ orchctl --help shows how it is used\n$/],
    [["aply"], /\n {2}→ did you mean apply\?\n$/],
    [["describe"], /missing required argument 'target'\n {2}→ orchctl describe --help shows how it is used\n$/],
    [["get", "pods", "--frob"], /unknown option '--frob'/],
    [["get", "pods", "-o", "xml"], /Allowed choices are wide, name, json, yaml/],
    [["apply"], /-f, --filename/],
    [["scale", "deploy/web", "--replicas", "many"], /no whole number/],
    [["wait", "pod/x", "--for", "delete", "--timeout", "soon"], /no duration/],
    [["delete", "pod", "x", "--cascade", "maybe"], /Allowed choices/],
  ] as const;
  for (const [words, pattern] of cases) {
    const { text, code } = await run(...words);
    assert.equal(code, 2, words.join(" "));
    assert.match(text, pattern);
  }
});

test("explain: what a field means, whether it works and why not, with an example in its place; without a cluster", async () => {
  const probe = (await run("explain", "pod.spec.containers.livenessProbe")).text;
  assert.match(probe, /^FIELD: {4}spec\.containers\.livenessProbe <Probe>\nLEVEL: {4}works$/m);
  assert.match(probe, /^periodSeconds +integer +Seconds between probes\.$/m);
  assert.match(
    probe,
    /\nEXAMPLE:\n {2}apiVersion: v1\n {2}kind: Pod\n {2}spec:\n {4}containers:\n {6}- livenessProbe:/,
  );
  const refused = (await run("explain", "pod.spec.volumes.nfs")).text;
  assert.match(refused, /^LEVEL: {4}refused: this kind of volume is not built yet$/m);
  const accepted = (await run("explain", "pod.spec.priorityClassName")).text;
  assert.match(accepted, /^LEVEL: {4}accepted without effect: priorities are not built yet$/m);
  assert.match((await run("explain", "deploy", "--recursive")).text, /^ {4}replicas <integer>$/m);
  const json = JSON.parse((await run("explain", "deploy.spec.strategy", "-o", "json")).text);
  assert.ok(json.example !== undefined);
  await assert.rejects(run("explain", "pod.spec.nothing"), { code: "not-found" });
});

test("completion knows commands, flags and kinds without a cluster", async () => {
  const environment = environmentOf({ text: "", code: 0 });
  const program = createProgram(environment, allCommands);
  const at = async (...words: readonly string[]): Promise<readonly string[]> =>
    (await complete(program, words, environment)).candidates.map(({ word }) => word);
  assert.deepEqual(await at("roll"), ["rollout"]);
  assert.deepEqual(await at("rollout", "un"), ["undo"]);
  assert.deepEqual(await at("get", "depl"), ["deployments"]);
  assert.ok((await at("get", "--show")).includes("--show-labels"));
  assert.deepEqual(await at("get", "pods", ""), []);
  assert.ok(!(await at("")).includes("__complete"));
  assert.match((await run("completion", "bash")).text, /complete -o nosort -F _orchctl orchctl\n$/);
});

test("explain and api-resources need no cluster", async () => {
  assert.match((await run("explain", "pod")).text, /KIND: {5}Pod\n[\s\S]*spec\*\s+PodSpec/);
  assert.match(
    (await run("explain", "deploy.spec.replicas")).text,
    /FIELD: {4}spec.replicas <integer>\nLEVEL: {4}works\n/,
  );
  assert.match((await run("explain", "po.spec.containers", "--recursive")).text, /image <string>/);
  assert.equal(JSON.parse((await run("explain", "cm", "-o", "json")).text).kind, "ConfigMap");
  assert.match((await run("api-resources")).text, /deployments\s+deploy\s+apps\/v1\s+true\s+Deployment/);
  assert.match((await run("api-resources", "--levels")).text, /Pod\s+\d+\s+\d+/);
  await assert.rejects(run("explain", "pod.spec.contaners"), /did you mean `containers`/);
});

test("a command of Docker's that is called otherwise here says how", async () => {
  const written = await run("rmi", "x");
  assert.match(written.text, /unknown command 'rmi'[\s\S]*→ orchctl image rm IMAGE\n$/);
  assert.equal(written.code, 2);
});
