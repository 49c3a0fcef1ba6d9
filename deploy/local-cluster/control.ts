/** Requests to a running supervisor: one JSON line each way over its unix socket (0600 in a 0700 directory). */
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { errnoOf, Problem, type ProblemCode } from "#proto/kit/problem.ts";
import { clusterPaths } from "./names.ts";
import type { NewNode } from "./new-node.ts";
import type { NodeStopMode, ProgramStatus, Supervisor } from "./supervisor.ts";

export type ControlRequest =
  | { readonly kind: "status" }
  | { readonly kind: "stop" }
  | { readonly kind: "stop-node"; readonly node: string; readonly mode: NodeStopMode }
  | { readonly kind: "start-node"; readonly node: string }
  | { readonly kind: "add-node"; readonly node: NewNode }
  | { readonly kind: "remove-node"; readonly node: string; readonly force: boolean }
  /** `control-plane` or a node. Answered when it serves, or has its session. */
  | { readonly kind: "restart"; readonly program: string }
  | { readonly kind: "cable"; readonly node: string; readonly connected: boolean };

export interface ControlReply {
  readonly programs?: readonly ProgramStatus[];
  /** The supervisor's own phase: starting, running, failed, stopping. */
  readonly phase?: string;
  /** Name of the node that was added. */
  readonly added?: string;
  readonly problem?: {
    readonly code?: ProblemCode;
    readonly message: string;
    readonly hint?: string | undefined;
  };
}

const maxLineBytes = 64 * 1024;

export interface ControlTarget {
  readonly supervisor: Supervisor;
  readonly phase: () => string;
  readonly stop: () => Promise<void>;
}

export function serveControl(cluster: string, target: ControlTarget): Promise<Server> {
  const path = clusterPaths(cluster).supervisorSocket;
  rmSync(path, { force: true });
  const server = createServer((socket) => serve(socket, target));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve(server);
    });
  });
}

function serve(socket: Socket, target: ControlTarget): void {
  let text = "";
  socket.setTimeout(180_000, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.setEncoding("utf8").on("data", (part: string) => {
    text += part;
    if (text.length > maxLineBytes) socket.destroy();
    const end = text.indexOf("\n");
    if (end < 0) return;
    const line = text.slice(0, end);
    text = "";
    handle(line, target).then(
      (reply) => socket.end(`${JSON.stringify(reply)}\n`),
      (thrown: unknown) => {
        const problem = Problem.from(thrown);
        const { code, message, hint } = problem;
        socket.end(`${JSON.stringify({ problem: { code, message, hint } })}\n`);
      },
    );
  });
}

async function handle(line: string, target: ControlTarget): Promise<ControlReply> {
  const request = JSON.parse(line) as ControlRequest;
  const { supervisor } = target;
  switch (request.kind) {
    case "status":
      break;
    case "stop":
      await target.stop();
      break;
    case "stop-node":
      await supervisor.stopNode(request.node, request.mode);
      break;
    case "start-node":
      await supervisor.startNode(request.node);
      break;
    case "add-node":
      return { added: supervisor.addNode(request.node).name, ...answer(target) };
    case "remove-node":
      await supervisor.removeNode(request.node, request.force);
      break;
    case "restart":
      await supervisor.restart(request.program);
      break;
    case "cable":
      supervisor.setNodeCable(request.node, request.connected);
      break;
  }
  return answer(target);
}

const answer = ({ supervisor, phase }: ControlTarget): ControlReply => ({
  programs: supervisor.status(),
  phase: phase(),
});

/** Undefined when no supervisor runs. */
export async function askSupervisor(cluster: string, request: ControlRequest): Promise<ControlReply | undefined> {
  const reply = await exchange(clusterPaths(cluster).supervisorSocket, request);
  if (reply?.problem)
    throw new Problem(reply.problem.code ?? "internal", reply.problem.message, {
      ...(reply.problem.hint && { hint: reply.problem.hint }),
    });
  return reply;
}

function exchange(path: string, request: ControlRequest): Promise<ControlReply | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => socket.write(`${JSON.stringify(request)}\n`));
    let text = "";
    socket.setTimeout(150_000, () =>
      socket.destroy(new Problem("timeout", "the cluster's supervisor did not answer within 150 s")),
    );
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    socket.on("error", (error) => {
      const errno = errnoOf(error);
      if (errno === "ENOENT" || errno === "ECONNREFUSED") resolve(undefined);
      else reject(error);
    });
    socket.on("end", () => {
      if (text) resolve(JSON.parse(text) as ControlReply);
      else reject(new Problem("unavailable", "the cluster's supervisor ended before it answered"));
    });
  });
}
