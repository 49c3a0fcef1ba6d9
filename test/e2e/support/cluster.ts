/** A cluster under test, driven through orchctl alone. Faults are made from outside, by signals and cables. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askSupervisor } from "#deploy/local-cluster/control.ts";
import { clusterPaths, nodePaths } from "#deploy/local-cluster/names.ts";
import { etcdPidOf, readLivePid } from "#deploy/local-cluster/process.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { eventually, must, programs, type Ran, type Running, type RunOptions, root, run, start } from "./programs.ts";

export class TestCluster {
  readonly name: string;
  readonly config: string;
  readonly #folder: string;

  constructor(name: string, config?: string) {
    this.name = name;
    this.#folder = mkdtempSync(join(tmpdir(), `orch-${name}-`));
    this.config = config ?? join(this.#folder, "config");
  }

  /** The cluster that test/run.ts started for all end-to-end tests that harm nobody. */
  static shared(): TestCluster {
    const { ORCH_TEST_CLUSTER, ORCH_TEST_CONFIG } = process.env;
    if (!ORCH_TEST_CLUSTER || !ORCH_TEST_CONFIG)
      throw new Error("these tests need the shared cluster: run them by npm test e2e");
    return new TestCluster(ORCH_TEST_CLUSTER, ORCH_TEST_CONFIG);
  }

  /** Removes what this process made for itself; the cluster stays. */
  forget(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get variables(): Readonly<Record<string, string>> {
    return { ORCH_CONFIG: this.config, ORCH_PROGRAMS: programs };
  }

  async up(nodes = 3, flags: readonly string[] = []): Promise<void> {
    await must(
      join(programs, "bin/orchctl"),
      ["cluster", "up", "--name", this.name, "--nodes", String(nodes), ...flags],
      {
        variables: this.variables,
        timeoutMs: 180_000,
      },
    );
  }

  async down(): Promise<void> {
    await must(join(programs, "bin/orchctl"), ["cluster", "down", "--name", this.name, "--purge"], {
      variables: this.variables,
      timeoutMs: 120_000,
    });
    rmSync(this.#folder, { recursive: true, force: true });
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return run(join(programs, "bin/orchctl"), args, { ...options, variables: this.variables });
  }

  /** Runs orchctl and insists on success; returns standard output. */
  orchctl(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return must(join(programs, "bin/orchctl"), args, { ...options, variables: this.variables });
  }

  start(args: readonly string[]): Running {
    return start(join(programs, "bin/orchctl"), args, this.variables);
  }

  async apply(yaml: string, ...flags: string[]): Promise<string> {
    return this.orchctl(["apply", "-f", "-", ...flags], { input: yaml, timeoutMs: 120_000 });
  }

  file(name: string, text: string | Uint8Array): string {
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  async list<T = KubeObject>(kind: string, ...flags: string[]): Promise<readonly T[]> {
    const list = JSON.parse(await this.orchctl(["get", kind, "-o", "json", ...flags])) as {
      readonly items?: readonly T[];
    };
    return list.items ?? [];
  }

  async get<T = KubeObject>(target: string, ...flags: string[]): Promise<T> {
    return JSON.parse(await this.orchctl(["get", target, "-o", "json", ...flags])) as T;
  }

  pods(...flags: string[]): Promise<readonly Pod[]> {
    return this.list<Pod>("pods", ...flags);
  }

  /** Loads the example image (busybox) as orch-example/hello:1 onto all nodes. */
  async loadExampleImage(): Promise<void> {
    const archive = join(this.#folder, "hello.tar");
    await must("sh", [join(root, "deploy/example-image.sh"), archive]);
    await this.orchctl(["image", "load", archive, "--all-nodes"]);
  }

  agentPid(node: string): number {
    const pid = readLivePid(nodePaths(this.name, node).pid);
    if (pid === undefined) throw new Error(`the agent of ${node} does not run`);
    return pid;
  }

  controlPlanePid(): number {
    const pid = readLivePid(`${clusterPaths(this.name).run}/control-plane.pid`);
    if (pid === undefined) throw new Error("the control plane does not run");
    return pid;
  }

  etcdPid(): number {
    const pid = etcdPidOf(clusterPaths(this.name).controlPlaneData);
    if (pid === undefined) throw new Error("etcd does not run");
    return pid;
  }

  async stopNode(node: string, mode: "agent" | "power-off"): Promise<void> {
    await askSupervisor(this.name, { kind: "stop-node", node, mode });
  }

  async startNode(node: string): Promise<void> {
    await askSupervisor(this.name, { kind: "start-node", node });
  }

  async setCable(node: string, connected: boolean): Promise<void> {
    await askSupervisor(this.name, { kind: "cable", node, connected });
  }

  async waitReady(nodes: number, timeoutMs = 30_000): Promise<void> {
    await eventually(
      `${nodes} ready nodes`,
      async () => ((await this.readyNodes()).length >= nodes ? true : undefined),
      timeoutMs,
    );
  }

  async readyNodes(): Promise<readonly string[]> {
    interface NodeLike extends KubeObject {
      status?: { conditions?: readonly { type: string; status: string }[] };
    }
    const nodes = await this.list<NodeLike>("nodes");
    return nodes
      .filter((node) => node.status?.conditions?.some((one) => one.type === "Ready" && one.status === "True"))
      .map((node) => node.metadata.name);
  }
}
