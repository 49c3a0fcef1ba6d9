/**
 * Who may call what (I16, I19), over every method of every service there is, so that a new one is refused to strangers until somebody decides
 * otherwise: nodes have their own service and no other, people have the API, and nobody but administrators the rest.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { MethodDefinition } from "@grpc/grpc-js";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { RpcClient } from "#proto/kit/rpc/client.ts";
import { decodeProblem } from "#proto/kit/rpc/problem-wire.ts";
import type { Sendable } from "#proto/kit/rpc/sendable.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { administrationService, agentGatewayService, apiService } from "#proto/wire/generated/services.ts";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";
import { joinAs } from "./light-node.ts";

type Method = MethodDefinition<unknown, unknown>;

const slow = { timeout: 120_000 };
const deadlineMs = 20_000;
const methodsOf = (service: object): readonly (readonly [string, Method])[] => Object.entries(service);

const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", namespace: "default" } };
const object = Buffer.from(JSON.stringify(configMap));
const target = { resource: "configmaps", namespace: "default", name: "x" };
/** Requests that would be right if the caller were. */
const requests: Readonly<Record<string, object>> = {
  create: { ...target, object },
  update: { ...target, object },
  patch: { ...target, type: "merge", patch: Buffer.from("{}") },
  stream: { open: { kind: "logs", namespace: "default", pod: "web" } },
  issueUserCertificate: { user: "eve", groups: ["system:masters"] },
  raw: { path: "/metrics" },
};
/** Bodies by which servers have been led past their question who asks. */
const oddBodies: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from("null"),
  Buffer.from("[[[["),
  Buffer.alloc(2 << 20, 0x20),
];

let plane: ControlPlaneProcess;
const clients: RpcClient[] = [];

before(async () => {
  plane = await ControlPlaneProcess.create("rights");
  await plane.start();
});
after(async () => {
  for (const client of clients) client.close();
  await plane.remove();
});

async function asNode(): Promise<RpcClient> {
  const { certificateChainPem, privateKeyPem } = await joinAs(plane, "n1");
  return keep(await plane.client({ certificateChain: certificateChainPem, privateKey: privateKeyPem }));
}

async function asPerson(group: string): Promise<RpcClient> {
  const admin = await asAdministrator();
  const { privateKeyPem, signingRequestPem } = await createSigningRequest("ana");
  const signingRequest = Buffer.from(signingRequestPem);
  const reply = await admin.unary(apiService.issueUserCertificate, { signingRequest, user: "ana", groups: [group] });
  const certificateChain = Buffer.from(reply.certificateChain).toString();
  return keep(await plane.client({ certificateChain, privateKey: privateKeyPem }));
}

const asAdministrator = async (): Promise<RpcClient> => keep(await plane.client());

function keep(client: RpcClient): RpcClient {
  clients.push(client);
  return client;
}

/** What the server answers; a stream's first word counts. */
async function answerTo(client: RpcClient, method: Method, request: object): Promise<string> {
  const sent = request as Sendable<unknown>;
  try {
    if (method.requestStream) {
      const call = client.bidi(method);
      await call.send(sent);
      for await (const reply of call.replies) {
        throwCarried(reply);
        break;
      }
      call.cancel();
    } else if (method.responseStream) {
      for await (const _ of client.serverStream(method, sent, { deadlineMs })) break;
    } else await client.unary(method, sent, { deadlineMs });
    return "allowed";
  } catch (thrown) {
    return Problem.from(thrown).code;
  }
}

/** The answer to a call that a stream carried. */
function throwCarried(reply: unknown): void {
  const problem = (reply as orch.v1.CarriedAnswer).problem;
  if (problem && problem.length > 0) throw decodeProblem(problem);
}

/** The same call, carried by a stream. */
async function answerToCarried(client: RpcClient, name: string, request: object): Promise<string> {
  const method = (apiService as unknown as Readonly<Record<string, Method>>)[name];
  assert.ok(method, name);
  const bytes = method.requestSerialize(request);
  const path = method.path.slice(method.path.lastIndexOf("/") + 1);
  return answerTo(client, apiService.carry as unknown as Method, { id: 1, method: path, request: bytes });
}

async function assertRefused(client: RpcClient, service: object, but: readonly string[] = []): Promise<void> {
  const answers = new Map<string, string>();
  for (const [name, method] of methodsOf(service)) {
    if (!but.includes(name)) answers.set(name, await answerTo(client, method, requests[name] ?? target));
  }
  assert.ok(answers.size > 0);
  const others = [...answers].filter(([, answer]) => answer !== "forbidden");
  assert.deepEqual(others, []);
}

describe("every method", slow, () => {
  test("of the API and of administration is refused to a node, but who it is", slow, async () => {
    const node = await asNode();
    await assertRefused(node, apiService, ["hello", "carry"]);
    await assertRefused(node, administrationService);
  });

  test("of the API is refused to a node when a stream carries it, too", slow, async () => {
    const node = await asNode();
    const single = methodsOf(apiService).filter(
      ([, { requestStream, responseStream }]) => !requestStream && !responseStream,
    );
    for (const [name] of single) {
      if (name === "hello") continue;
      assert.equal(await answerToCarried(node, name, requests[name] ?? target), "forbidden", name);
    }
  });

  test("of the nodes' service is refused to people, administrators too", slow, async () => {
    for (const person of [await asPerson("orch:viewers"), await asAdministrator()]) {
      await assertRefused(person, agentGatewayService);
    }
  });

  test(
    "of administration is refused to who may only read or edit, but the renewal of their own certificate",
    slow,
    async () => {
      for (const group of ["orch:viewers", "orch:editors"]) {
        await assertRefused(await asPerson(group), administrationService, ["renewOwnCertificate"]);
      }
    },
  );

  test("that writes is refused to who may only read, whatever the body", slow, async () => {
    const viewer = await asPerson("orch:viewers");
    const writing = [
      "create",
      "update",
      "patch",
      "delete",
      "deleteCollection",
      "createJoinToken",
      "issueUserCertificate",
    ];
    for (const name of writing) {
      const method = (apiService as unknown as Readonly<Record<string, Method>>)[name];
      assert.ok(method, name);
      assert.equal(await answerTo(viewer, method, requests[name] ?? target), "forbidden", name);
      assert.equal(await answerToCarried(viewer, name, requests[name] ?? target), "forbidden", name);
      for (const body of oddBodies) {
        const answer = await answerTo(viewer, method, { ...target, ...requests[name], object: body, patch: body });
        assert.notEqual(answer, "allowed", name);
        assert.notEqual(answer, "internal", name);
      }
    }
    const admin = await asAdministrator();
    const { items } = await admin.unary(apiService.list, { resource: "configmaps", namespace: "default" });
    assert.equal(items.length, 0);
  });
});
