/** Streams logs to standard output: of one container as they are, of several line by line. */
import { Problem } from "#proto/kit/problem.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";
import { allPodsOf, containerOf, containersOf, podOf } from "../pod-of.ts";
import { parseOne } from "../targets.ts";
import { LineJoiner } from "./line-joiner.ts";

export interface LogsOptions {
  readonly container?: string;
  readonly allContainers?: boolean;
  readonly allPods?: boolean;
  readonly selector?: string;
  readonly prefix?: boolean;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly since?: number;
  readonly tail?: number;
  readonly timestamps?: boolean;
  readonly limitBytes?: number;
  readonly sinceTime?: number;
  readonly gone?: boolean;
}

interface Source {
  readonly pod: string;
  readonly container: string;
  /** The pod is not there any more: its node keeps the log for a while. */
  readonly gone?: boolean;
}

/** More streams than this at a time are a mistake, not a wish. */
const maxFollowed = 50;

export async function runLogs(
  word: string | undefined,
  options: LogsOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  if ((word === undefined) === (options.selector === undefined))
    throw usageProblem("name a pod or workload, or select pods with -l", "as in: orchctl logs -l app=web");
  if (options.allContainers && options.container !== undefined)
    throw usageProblem("-c and --all-containers do not go together", "leave one of them out");
  if (options.since !== undefined && options.sinceTime !== undefined)
    throw usageProblem("--since and --since-time say the same", "leave one of them out");
  if (options.allPods && (word === undefined || options.gone))
    throw usageProblem("--all-pods goes with a workload", "as in: orchctl logs deployment/web --all-pods");
  const prefix = options.prefix ?? options.allPods ?? false;
  await withConnection(global, environment, async (connection) => {
    const sources = await sourcesOf(word, options, connection);
    const [only] = sources;
    if (!only) environment.err.write("No pods match.\n");
    else if (sources.length === 1 && !prefix)
      await copy(only, options, connection, environment, (bytes) => environment.out.write(bytes));
    else await copyLines(sources, { ...options, prefix }, connection, environment);
  });
}

async function sourcesOf(
  word: string | undefined,
  options: LogsOptions,
  connection: Connection,
): Promise<readonly Source[]> {
  const { api, namespace } = connection;
  const lost = word === undefined ? undefined : await goneSource(word, options, connection);
  if (lost) return [lost];
  const pods =
    word === undefined
      ? ((await api.list("pods", { namespace, labelSelector: options.selector ?? "" }))
          .items as unknown as readonly Pod[])
      : options.allPods
        ? await allPodsOf(connection, word)
        : [await podOf(connection, word)];
  return pods.flatMap((pod) => {
    const containers = options.allContainers ? containersOf(pod) : [containerOf(pod, options.container)];
    return containers.map((container) => ({ pod: pod.metadata.name, container }));
  });
}

/** A pod that does not exist, or that is asked for as one that is gone. */
async function goneSource(
  word: string,
  { gone, container = "" }: LogsOptions,
  { api, namespace }: Connection,
): Promise<Source | undefined> {
  const { definition, name } = parseOne([word], "pods");
  if (definition.kind !== "Pod") {
    if (gone) throw usageProblem("--gone takes the name of a pod", "orchctl events shows the names of those that went");
    return undefined;
  }
  const source = { pod: name, container, gone: true };
  if (gone) return source;
  const isThere = await api.get("pods", namespace, name).then(
    () => true,
    (thrown: unknown) => {
      if (Problem.is(thrown, "not-found")) return false;
      throw thrown;
    },
  );
  return isThere ? undefined : source;
}

/** One after the other, or all at the same time when they are followed. A log that cannot be read does not hide the others. */
async function copyLines(
  sources: readonly Source[],
  options: LogsOptions,
  connection: Connection,
  environment: Environment,
): Promise<void> {
  if (options.follow && sources.length > maxFollowed)
    throw usageProblem(
      `${sources.length} logs cannot be followed at a time, only ${maxFollowed}`,
      "select fewer pods with -l",
    );
  const problems: Problem[] = [];
  const copyOne = async (source: Source): Promise<void> => {
    const prefix = options.prefix ? `[${source.pod}/${source.container}] ` : "";
    const lines = new LineJoiner(prefix, (text) => environment.out.write(text));
    try {
      await copy(source, options, connection, environment, (bytes) => lines.add(bytes));
    } catch (thrown) {
      environment.signal.throwIfAborted();
      problems.push(Problem.from(thrown));
    } finally {
      lines.end();
    }
  };
  if (options.follow) await Promise.all(sources.map(copyOne));
  else for (const source of sources) await copyOne(source);
  const [first] = problems;
  if (first)
    throw new Problem(first.code, `${problems.length} of ${sources.length} logs could not be read`, {
      causes: problems.map(({ message }) => ({ message })),
    });
}

/** Lines of the last so many milliseconds: the node's clock, not ours, says when that was. */
function sinceMs({ since = 0, sinceTime }: LogsOptions, { clock }: Environment): number {
  return sinceTime === undefined ? since : Math.max(1, clock.nowMs() - sinceTime);
}

async function copy(
  { pod, container, gone = false }: Source,
  options: LogsOptions,
  { api, namespace }: Connection,
  environment: Environment,
  write: (bytes: Uint8Array) => void,
): Promise<void> {
  const logs = {
    follow: options.follow === true,
    previous: options.previous === true,
    gone,
    sinceMs: sinceMs(options, environment),
    tailLines: options.tail ?? -1,
    timestamps: options.timestamps === true,
    limitBytes: options.limitBytes ?? 0,
  };
  const stream = await FrameStream.open(api.rpc, { kind: "logs", namespace, pod, container, logs }, environment.signal);
  try {
    for await (const part of stream.data()) {
      if (part.stream === "err") environment.err.write(part.bytes);
      else write(part.bytes);
      await environment.out.drained();
    }
  } finally {
    stream.close();
  }
}
