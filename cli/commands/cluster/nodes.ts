/** Nodes of a running local cluster: one more, one less. */
import { askSupervisor, type ControlReply, type ControlRequest } from "#deploy/local-cluster/control.ts";
import type { NewNode } from "#deploy/local-cluster/new-node.ts";
import { notRunning, runningClusters } from "#deploy/local-cluster/not-running.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Node } from "#proto/resources/node.ts";
import { parseQuantity, toBytes, toMilliCpu } from "#proto/resources/quantity.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";
import { watchUntil } from "../../waiting/watch-until.ts";
import { drain } from "../node/drain.ts";
import { joinArguments } from "../node/join-arguments.ts";

export interface AddNodeFlags {
  readonly name: string;
  readonly cpus?: string;
  readonly memory?: string;
  readonly label: readonly string[];
  readonly taint: readonly string[];
  readonly wait: boolean;
  readonly timeout: number;
}

export interface RemoveNodeFlags {
  readonly name: string;
  readonly timeout: number;
  readonly force?: boolean;
  readonly deleteEmptydirData?: boolean;
  readonly drain: boolean;
}

export async function runAddNode(
  name: string | undefined,
  flags: AddNodeFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const reply = await ask(flags.name, { kind: "add-node", node: newNode(name, flags) });
  const added = reply.added ?? "";
  if (!flags.wait) {
    environment.out.write(`node/${added} added; it is ready in a moment\n`);
    return;
  }
  await withConnection({ ...global, context: flags.name }, environment, ({ api }) =>
    watchUntil(
      api,
      { resource: "nodes", namespace: "", name: added },
      (object) => (object && isReady(object as unknown as Node) ? true : undefined),
      {
        timeoutMs: flags.timeout,
        describe: () => `node ${added} was not ready after ${flags.timeout / 1000} s`,
        hint: `its log is /var/lib/orch/${flags.name}/logs/${added}.log`,
      },
      environment,
    ),
  );
  environment.out.write(`node/${added} added\n`);
}

function newNode(name: string | undefined, { cpus, memory, label, taint }: AddNodeFlags): NewNode {
  return {
    ...(name !== undefined && { name }),
    ...(cpus !== undefined && { milliCpu: amount("--cpus", cpus, toMilliCpu) }),
    ...(memory !== undefined && { memoryBytes: amount("--memory", memory, toBytes) }),
    joinArguments: joinArguments({ label, taint }),
  };
}

function amount(flag: string, text: string, convert: (text: string) => number): number {
  if (parseQuantity(text) && convert(text) > 0) return convert(text);
  throw usageProblem(`${flag} ${text} is no amount above 0`, "write it as 500m or 2, and memory as 512Mi or 2Gi");
}

const isReady = (node: Node): boolean =>
  node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;

export async function runRemoveNode(
  name: string,
  flags: RemoveNodeFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await assertRemovable(name, flags.name);
  if (flags.drain) await drain([name], flags, { ...global, context: flags.name }, environment);
  await ask(flags.name, { kind: "remove-node", node: name, force: flags.force === true });
  environment.out.write(`node/${name} removed\n`);
}

/** Before anything is drained. */
async function assertRemovable(name: string, cluster: string): Promise<void> {
  const { programs = [] } = await ask(cluster, { kind: "status" });
  const nodes = programs.map((program) => program.name).filter((program) => program !== "control-plane");
  if (!nodes.includes(name))
    throw new Problem("not-found", `cluster ${cluster} has no node ${name}`, {
      hint: `its nodes are ${nodes.join(", ")}`,
    });
  if (nodes.length === 1)
    throw new Problem("conflict", `${name} is the last node of cluster ${cluster}`, {
      hint: `add another one first, or remove the cluster: orchctl cluster down --name ${cluster} --purge`,
    });
}

async function ask(cluster: string, request: ControlRequest): Promise<ControlReply> {
  const reply = await askSupervisor(cluster, request).catch((thrown: unknown) => {
    if (!isDenied(thrown)) throw thrown;
    throw new Problem("forbidden", "a local cluster is changed as root", { hint: "run the same command with sudo" });
  });
  if (reply) return reply;
  throw notRunning(cluster, runningClusters());
}

const isDenied = (thrown: unknown): boolean =>
  typeof thrown === "object" && thrown !== null && "code" in thrown && thrown.code === "EACCES";
