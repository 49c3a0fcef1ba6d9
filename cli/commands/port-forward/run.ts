/** Listens locally and carries each connection to a pod's port in a stream of its own, until interrupted. */
import { createServer, type Server, type Socket } from "node:net";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { printProblem } from "../../printers/problem.ts";
import { usageProblem } from "../../program-options.ts";
import { podOf } from "../pod-of.ts";

export interface ForwardOptions {
  readonly address: string;
}

export interface PortPair {
  readonly local: number;
  readonly remote: number;
}

const maxConnections = 256;

/** `8080:80`, `:80` (any local port), `80` (the same on both sides). Pure. */
export function parsePorts(word: string): PortPair {
  const match = /^(?:(\d*):)?(\d+)$/.exec(word);
  const remote = Number(match?.[2]);
  const local = match?.[1] === undefined ? remote : Number(match[1] || 0);
  if (!match || remote < 1 || remote > 65_535 || local > 65_535)
    throw usageProblem(`"${word}" is no port pair`, "write LOCAL:REMOTE, as in: 8080:80");
  return { local, remote };
}

export async function runPortForward(
  word: string,
  words: readonly string[],
  options: ForwardOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const pairs = words.map(parsePorts);
  await withConnection(global, environment, async (connection) => {
    const pod = await podOf(connection, word);
    const servers: Server[] = [];
    try {
      for (const pair of pairs)
        servers.push(await listen(pair, options.address, { pod: pod.metadata.name, connection, environment }));
      await new Promise<void>((resolve) => {
        if (environment.signal.aborted) resolve();
        environment.signal.addEventListener("abort", () => resolve(), { once: true });
      });
    } finally {
      for (const server of servers) server.close();
    }
  });
}

interface Target {
  readonly pod: string;
  readonly connection: Connection;
  readonly environment: Environment;
}

function listen(pair: PortPair, address: string, target: Target): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => void carry(socket, pair.remote, target));
  server.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenProblem(error, pair, address)));
    server.listen(pair.local, address, () => {
      const bound = server.address();
      const port = typeof bound === "object" && bound ? bound.port : pair.local;
      target.environment.out.write(`Forwarding from ${address}:${port} -> ${pair.remote}\n`);
      resolve(server);
    });
  });
}

function listenProblem(error: Error, { local, remote }: PortPair, address: string): Problem {
  const hint = `choose another, or any free one: :${remote}`;
  switch (errnoOf(error)) {
    case "EADDRINUSE":
      return new Problem("conflict", `port ${local} on ${address} is taken`, { hint, cause: error });
    case "EACCES":
      return new Problem("forbidden", `port ${local} may be opened by root only`, { hint, cause: error });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new Problem("bad-request", `${address} is no address of this machine`, { cause: error });
    default:
      return Problem.from(error);
  }
}

async function carry(socket: Socket, port: number, { pod, connection, environment }: Target): Promise<void> {
  const ended = new AbortController();
  socket.on("error", () => ended.abort());
  socket.on("close", () => ended.abort());
  const signal = AbortSignal.any([environment.signal, ended.signal]);
  try {
    const stream = await FrameStream.open(
      connection.api.rpc,
      { kind: "port-forward", namespace: connection.namespace, pod, port },
      signal,
    );
    const sending = (async () => {
      for await (const chunk of socket) await stream.write(chunk as Uint8Array);
      await stream.endInput();
    })();
    sending.catch(() => ended.abort());
    for await (const { bytes } of stream.data()) {
      if (!socket.write(bytes))
        await new Promise<void>((resolve) => socket.once("drain", () => resolve()).once("close", () => resolve()));
    }
    socket.end();
  } catch (thrown) {
    if (!signal.aborted) printProblem(Problem.from(thrown), environment);
    socket.destroy();
  }
}
