/** Fills a control plane with pods through its API: some hundred in each of many namespaces. There is no node: all stay pending. */
import { apiService } from "#proto/wire/generated/services.ts";
import { connect, readJob, type Target } from "./target.ts";

export interface FillJob {
  readonly target: Target;
  readonly namespaces: readonly string[];
  readonly perNamespace: number;
}

const clients = 20;
const job = readJob<FillJob>();
const callers = await Promise.all(Array.from({ length: clients }, () => connect(job.target)));

function create(at: number, resource: string, namespace: string, body: object): Promise<unknown> {
  const caller = callers[at % clients];
  if (!caller) throw new Error("no connection");
  return caller.unary(apiService.create, { resource, namespace, object: Buffer.from(JSON.stringify(body)) });
}

function pod(name: string): object {
  const container = {
    name: "main",
    image: "registry.example/team/service:1.2.3",
    command: ["/bin/service", "--listen", ":8080"],
    env: [{ name: "MODE", value: "production" }],
    ports: [{ containerPort: 8080 }],
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
  };
  const metadata = { name, labels: { app: "service", tier: "web", shard: name } };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [container] } };
}

for (const [at, name] of job.namespaces.entries()) {
  await create(at, "namespaces", "", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
}
let next = 0;
const total = job.namespaces.length * job.perNamespace;
await Promise.all(
  callers.map(async (_, at) => {
    while (next < total) {
      const sequence = next++;
      const namespace = job.namespaces[Math.floor(sequence / job.perNamespace)] ?? "";
      await create(at, "pods", namespace, pod(`pod-${sequence % job.perNamespace}`));
    }
  }),
);
for (const caller of callers) caller.close();
process.stdout.write(`${JSON.stringify({ created: total })}\n`);
