/** orchctl in this process, against an API over a store in memory: all of it but its main.ts. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommanderError } from "commander";
import { allCommands } from "#cli/all-commands.ts";
import { asParsed } from "#cli/command-line.ts";
import { writeConfig } from "#cli/context/config-file.ts";
import type { Environment, Output } from "#cli/environment.ts";
import { exitCodeOf, exitCodes } from "#cli/exit-codes.ts";
import { renderProblem } from "#cli/printers/problem.ts";
import { createProgram } from "#cli/program.ts";
import { problemOf } from "#cli/unexpected.ts";
import { type Clock, systemClock } from "#proto/kit/clock.ts";
import { ApiCalls } from "./api-calls.ts";
import { startTestApi, type TestApi, type TestApiOptions } from "./api-server.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly variables?: Readonly<Record<string, string>>;
  /** As on a terminal. */
  readonly color?: boolean;
  /** Called with all of standard output each time more was written. */
  readonly onOutput?: (text: string) => void;
}

export class OrchctlUnderTest {
  readonly api: TestApi;
  readonly calls: ApiCalls;
  readonly folder: string;

  private constructor(api: TestApi, folder: string) {
    this.api = api;
    this.calls = new ApiCalls(api.client);
    this.folder = folder;
  }

  static async start(options: TestApiOptions = {}): Promise<OrchctlUnderTest> {
    const api = await startTestApi(options);
    const tested = new OrchctlUnderTest(api, mkdtempSync(join(tmpdir(), "orchctl-test-")));
    await tested.writeContext("admin", "CN=admin, O=system:masters");
    return tested;
  }

  get config(): string {
    return join(this.folder, "config");
  }

  async writeContext(name: string, subject: string, server = this.api.address): Promise<void> {
    const { certificateChain, privateKey, authorities } = await this.api.authority.issue(subject);
    const context = {
      ...{ name, server, cluster: "test", certificateAuthority: authorities },
      ...{ clientCertificate: certificateChain, clientKey: privateKey },
    };
    writeConfig(this.config, { apiVersion: "orch/v1", kind: "Config", currentContext: name, contexts: [context] });
  }

  file(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return name;
  }

  async stop(): Promise<void> {
    await this.api.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const ran = { code: 0, out: "", err: "" };
    const environment = this.#environment(ran, options);
    try {
      const program = createProgram(environment, allCommands, args[0]);
      await program.parseAsync([...asParsed(program, args)], { from: "user" });
    } catch (thrown) {
      if (thrown instanceof CommanderError) return ran;
      if (environment.signal.aborted) ran.code = exitCodes.interrupted;
      else {
        const problem = problemOf(thrown);
        ran.err += renderProblem(problem, false);
        ran.code = exitCodeOf(problem);
      }
    }
    return ran;
  }

  #environment(ran: { code: number; out: string; err: string }, options: RunOptions): Environment {
    const collect = (stream: "out" | "err"): Output => ({
      write: (text) => {
        ran[stream] += typeof text === "string" ? text : Buffer.from(text).toString("utf8");
        if (stream === "out") options.onOutput?.(ran.out);
      },
      drained: () => Promise.resolve(),
      isTerminal: false,
      columns: 80,
      size: () => undefined,
      onResize: () => () => undefined,
    });
    const { input = "" } = options;
    return {
      out: collect("out"),
      err: collect("err"),
      input: {
        isTerminal: false,
        setRaw: () => undefined,
        async *[Symbol.asyncIterator]() {
          yield Buffer.from(input);
        },
      },
      variables: { ORCH_CONFIG: this.config, ...options.variables },
      homeDirectory: this.folder,
      workingDirectory: this.folder,
      programs: "/nonexistent",
      clock: options.clock ?? systemClock,
      onStopSignal: () => () => undefined,
      signal: options.signal ?? new AbortController().signal,
      color: options.color ?? false,
      setExitCode: (code) => {
        ran.code = code;
      },
    };
  }
}
