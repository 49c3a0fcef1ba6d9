/** Connects to a TCP port of a pod: by its address, else on the loopback of its own namespace, which only a program inside can reach. */
import { spawn } from "node:child_process";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "#proto/kit/clock.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { joinStreams } from "../host/stream-pair.ts";

export interface DialTarget {
  /** Undefined for pods on the host's network. */
  readonly address: string | undefined;
  readonly namespacePath: string;
  readonly sharesHost: boolean;
}

const connectTimeoutMs = 5_000;
/** How long one direction may go on after the other has ended. */
const halfOpenSeconds = 3_600;

export async function dialPod(target: DialTarget, port: number, clock: Clock, signal: AbortSignal): Promise<Duplex> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Problem("bad-request", `${port} is not a TCP port`);
  if (target.sharesHost) return connectTo("127.0.0.1", port, clock, signal);
  if (target.address === undefined) return connectInside(target.namespacePath, port, clock, signal);
  try {
    return await connectTo(target.address, port, clock, signal);
  } catch (thrown) {
    if (!Problem.is(thrown, "unavailable")) throw thrown;
    return connectInside(target.namespacePath, port, clock, signal);
  }
}

function connectTo(host: string, port: number, clock: Clock, signal: AbortSignal): Promise<Duplex> {
  if (signal.aborted) return Promise.reject(Problem.from(signal.reason));
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const timer = clock.after(connectTimeoutMs, () => fail(new Problem("timeout", `${host}:${port} does not answer`)));
    const onAbort = (): void => fail(Problem.from(signal.reason));
    const settle = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", onAbort);
      socket.removeListener("error", onError);
    };
    const fail = (problem: Problem): void => {
      settle();
      socket.destroy();
      reject(problem);
    };
    const onError = (thrown: Error): void =>
      fail(
        new Problem("unavailable", `nothing listens on ${host}:${port} (${errnoOf(thrown) ?? thrown.message})`, {
          cause: thrown,
        }),
      );
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("error", onError);
    socket.once("connect", () => {
      settle();
      resolve(socket);
    });
  });
}

function connectInside(namespacePath: string, port: number, clock: Clock, signal: AbortSignal): Promise<Duplex> {
  if (signal.aborted) return Promise.reject(Problem.from(signal.reason));
  const socat = ["socat", "-d", "-d", "-t", String(halfOpenSeconds), "-", `TCP:127.0.0.1:${port}`];
  const child = spawn("nsenter", [`--net=${namespacePath}`, ...socat], { stdio: "pipe" });
  return new Promise((resolve, reject) => {
    let words = "";
    const settle = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", onAbort);
    };
    const fail = (problem: Problem): void => {
      settle();
      child.kill("SIGKILL");
      reject(problem);
    };
    const onAbort = (): void => fail(Problem.from(signal.reason));
    const timer = clock.after(connectTimeoutMs, () =>
      fail(new Problem("timeout", `port ${port} of the pod does not answer`)),
    );
    signal.addEventListener("abort", onAbort, { once: true });
    child.once("error", (thrown) =>
      fail(
        new Problem("unavailable", "cannot enter the pod's network", { cause: thrown, hint: "apt-get install socat" }),
      ),
    );
    child.once("exit", () => fail(new Problem("unavailable", `nothing listens on port ${port} of the pod`)));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      words = (words + chunk).slice(-2_000);
      if (!words.includes("starting data transfer loop")) return;
      settle();
      child.removeAllListeners("exit");
      child.stderr.removeAllListeners("data").resume();
      const stream = joinStreams(child.stdout, child.stdin);
      stream.once("close", () => child.kill("SIGKILL"));
      resolve(stream);
    });
  });
}
