/** Certificates that live for seconds are renewed again and again under load, and nobody notices. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "node:tls";
import { readCertificate } from "#proto/identity/certificate.ts";
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import type { RpcClient } from "#proto/kit/rpc/client.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";
import { LightNode } from "./light-node.ts";

const lifetimeSeconds = 6;
const lifetime = `${lifetimeSeconds}s`;
let plane: ControlPlaneProcess;
before(async () => {
  plane = await ControlPlaneProcess.create("certs-renewal");
  await plane.start("--node-certificate-lifetime", lifetime, "--server-certificate-lifetime", lifetime);
});
after(() => plane.remove());

class Load {
  readonly failures: string[] = [];
  done = 0;
  #running: Promise<void>[] = [];
  #over = false;

  /** Again and again until the end, one after the other. */
  run(what: string, once: () => Promise<void>): void {
    const loop = async (): Promise<void> => {
      while (!this.#over) {
        await once().then(
          () => this.done++,
          (thrown: unknown) => this.failures.push(`${what}: ${thrown}`),
        );
      }
    };
    this.#running.push(loop());
  }

  async end(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#running);
  }
}

test("agents, servers and etcd renew their certificates under load; no request, stream or session is lost", {
  timeout: 120_000,
}, async () => {
  const node = await LightNode.join(plane, "n1");
  const admin = await plane.client();
  await create(admin, "pods", {
    ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "echo", namespace: "default" } },
    spec: { containers: [{ name: "c", image: "i" }] },
  });
  await scheduled(admin, "echo");
  const load = new Load();
  let number = 0;
  const write = async (client: RpcClient): Promise<void> => {
    const name = `c${number++}`;
    await create(client, "configmaps", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "default" },
    });
    await client.unary(apiService.get, { resource: "configmaps", namespace: "default", name });
  };
  load.run("a request on a standing connection", () => write(admin));
  load.run("a request on a new connection", async () => {
    const client = await plane.client();
    await write(client).finally(() => client.close());
  });
  load.run("a stream to the node", () => converse(admin, ["one", "two"]));
  const seen = { api: new Set<string>(), etcd: new Set<string>() };
  load.run("a handshake", async () => {
    seen.api.add(await serialOf(plane.port, controlPlaneTlsName(plane.cluster)));
    seen.etcd.add(await serialOf(plane.ports[2] ?? 0, "etcd.orch"));
    await new Promise((resolve) => setTimeout(resolve, 100)); // Two handshakes are load enough.
  });
  const long = openStream(admin);
  await long.say("first");
  const client = await plane.client();
  const watching = watchUntil(client, "last");
  await node.until("third certificate", () => node.serials.length >= 3 && seen.api.size >= 3 && seen.etcd.size >= 3);
  await long.say("still here after two renewals");
  await long.end();
  await create(admin, "configmaps", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "last", namespace: "default" },
  });
  await watching;
  await load.end();
  assert.deepEqual(load.failures.slice(0, 3), []);
  assert.ok(load.done > 50, `${load.done}`);
  assert.deepEqual([node.ends, node.said], [0, ""], "the node was never without a session");
  assert.ok(node.welcomes >= node.serials.length, `${node.welcomes} welcomes`);
  assert.equal((await nodeReady(admin)).status, "True");
  assert.doesNotMatch(plane.errors, /"level":"(warn|error|fatal)"/);
  await node.stop();
  client.close();
  admin.close();
});

test("the administrator's context is renewed while the control plane runs, and etcd's key stays", async () => {
  const context = await plane.context();
  assert.ok(readCertificate(context.clientCertificate).notAfterMs > 0);
  const pem = await readFile(join(plane.folder, "data/pki/etcd/etcd.pem"), "utf8");
  const { notBeforeMs, notAfterMs } = readCertificate(pem);
  assert.equal(Math.round((notAfterMs - notBeforeMs) / 1000), 300 + lifetimeSeconds);
});

async function create(client: RpcClient, resource: string, object: object): Promise<void> {
  const request = { resource, namespace: "default", object: Buffer.from(JSON.stringify(object)) };
  await client.unary(apiService.create, { ...request, options: { fieldManager: "test" } });
}

interface Seen {
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
const parse = (bytes: Uint8Array | null | undefined): Seen => JSON.parse(Buffer.from(bytes ?? []).toString()) as Seen;

async function scheduled(client: RpcClient, name: string): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  for await (const event of client.serverStream(
    apiService.watch,
    { resource: "pods", namespace: "default" },
    { signal },
  )) {
    const pod = parse(event.object);
    if (pod.metadata.name === name && pod.spec?.nodeName) return;
  }
}

async function watchUntil(client: RpcClient, name: string): Promise<void> {
  const request = { resource: "configmaps", namespace: "default" };
  for await (const event of client.serverStream(apiService.watch, request)) {
    if (parse(event.object).metadata.name === name) return;
  }
  throw new Error("the watch ended");
}

async function nodeReady(client: RpcClient): Promise<{ readonly status: string }> {
  const reply = await client.unary(apiService.get, { resource: "nodes", name: "n1" });
  const ready = parse(reply.object).status?.conditions?.find(({ type }) => type === "Ready");
  assert.ok(ready, "no Ready condition");
  return ready;
}

/** A stream that is answered with its own words. */
function openStream(client: RpcClient) {
  const call = client.bidi(apiService.stream);
  const replies = call.replies[Symbol.asyncIterator]();
  const opened = call.send({ open: { kind: "attach", namespace: "default", pod: "echo", container: "c" } });
  const next = async (): Promise<{ data?: Uint8Array | null; result?: unknown }> => {
    const reply = await replies.next();
    if (reply.done) throw new Error("the stream ended early");
    return reply.value.credit ? await next() : reply.value;
  };
  return {
    async say(words: string): Promise<void> {
      await opened;
      await call.send({ data: Buffer.from(words) });
      assert.equal(Buffer.from((await next()).data ?? []).toString(), words);
    },
    async end(): Promise<void> {
      await call.send({ endOfInput: true });
      assert.ok((await next()).result);
      call.end();
    },
  };
}

async function converse(client: RpcClient, words: readonly string[]): Promise<void> {
  const stream = openStream(client);
  for (const word of words) await stream.say(word);
  await stream.end();
}

/** Which certificate a server shows; the client's side of the handshake is not finished. */
function serialOf(port: number, servername: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, servername, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      const serial = socket.getPeerX509Certificate()?.serialNumber ?? "";
      socket.destroy();
      resolve(serial);
    });
  });
}
