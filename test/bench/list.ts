/** Reads in a large store: one object by name, one namespace as a whole. */
import { BatchingObjectStore } from "#control-plane/store/batching-object-store.ts";
import { createObjectCodec } from "#control-plane/store/object-codec.ts";
import { systemRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import type { Benchmark, Measured, Say } from "./benchmark.ts";
import { type BareControlPlane, etcdClient, startLoader, withControlPlane } from "./control-plane.ts";
import type { ReadJob, ReadReport } from "./load/read-loop.ts";
import { connect } from "./load/target.ts";
import { pssOf } from "./processes.ts";

export const podNamespaces = Array.from({ length: 20 }, (_, at) => `bench-${at}`);
export const podsPerNamespace = 500;
const gets = 2_000;
const lists = 100;
const targets = { getMs: 10, listMs: 60 };

/** 10,000 pods in 20 namespaces: one made through the API, the others as it was stored, written straight into etcd. */
export async function fillWithPods(bare: BareControlPlane, say: Say): Promise<void> {
  say(`creating ${podNamespaces.length * podsPerNamespace} pods`);
  const caller = await connect(bare.target);
  const create = (resource: string, namespace: string, body: object) =>
    caller.unary(apiService.create, { resource, namespace, object: Buffer.from(JSON.stringify(body)) });
  for (const name of podNamespaces) {
    await create("namespaces", "", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  const { object } = await create("pods", "default", template);
  caller.close();
  const made = JSON.parse(Buffer.from(object).toString()) as KubeObject;
  const kv = await etcdClient(bare);
  const store = new BatchingObjectStore({ kv, codec: createObjectCodec() });
  for (const namespace of podNamespaces) {
    const names = Array.from({ length: podsPerNamespace }, (_, at) => `pod-${at}`);
    await Promise.all(
      names.map(async (name) => {
        const metadata = { ...made.metadata, name, namespace, uid: systemRandom.uuid() };
        const key = { group: "", plural: "pods", namespace, name };
        await store.write({ kind: "create", key, object: { ...made, metadata } });
      }),
    );
  }
  await kv.close();
}

const template = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "template", labels: { app: "service", tier: "web" } },
  spec: {
    containers: [
      {
        name: "main",
        image: "registry.example/team/service:1.2.3",
        command: ["/bin/service", "--listen", ":8080"],
        env: [{ name: "MODE", value: "production" }],
        ports: [{ containerPort: 8080 }],
        resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
      },
    ],
  },
};

export const list: Benchmark = {
  name: "list",
  what: "10,000 pods: get by name, list a namespace of 500",
  run: (say) => withControlPlane(say, (bare) => measure(bare, say)),
};

const restMs = 2_000;
const restWithinMs = 60_000;

/** Until nothing is written any more: the scheduler says of each pod of a cluster without nodes why it waits. */
async function untilAtRest(bare: BareControlPlane): Promise<void> {
  const kv = await etcdClient(bare);
  const untilMs = performance.now() + restWithinMs;
  let [revision, before] = [0, -1];
  while (revision !== before) {
    if (performance.now() > untilMs) throw new Error("the control plane goes on writing");
    before = revision;
    await new Promise((resolve) => setTimeout(resolve, restMs));
    revision = (await kv.get("rest")).revision;
  }
  await kv.close();
}

async function measure(bare: BareControlPlane, say: Say): Promise<Measured> {
  await fillWithPods(bare, say);
  await untilAtRest(bare);
  const job: ReadJob = {
    ...{ target: bare.target, resource: "pods", gets, lists },
    ...{ namespaces: podNamespaces, perNamespace: podsPerNamespace },
  };
  const report = (await startLoader("read-loop.ts", job).report) as ReadReport;
  say(`  get p99 ${report.getP99Ms} ms, list p50 ${report.listP50Ms} ms, p99 ${report.listP99Ms} ms`);
  return {
    ours: report.getP99Ms,
    unit: "ms (get by name, p99)",
    target: `get p99 ≤ ${targets.getMs} ms; list of 500 ≤ ${targets.listMs} ms (median)`,
    met: report.getP99Ms <= targets.getMs && report.listP50Ms <= targets.listMs,
    ...report,
    controlPlaneMb: Math.round(pssOf(bare.process.pid ?? 0) / 1e6),
    conditions: [
      `${gets} gets and ${lists} lists, one client, one at a time, after a fifth as many to warm up`,
      `nothing has been written for ${restMs / 1000} s`,
    ],
  };
}
