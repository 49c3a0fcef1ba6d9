import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { findDefinition } from "#proto/resources/registry.ts";
import type { Environment } from "../environment.ts";
import { writesAtOnce } from "./at-once.ts";
import { checkThere, type Document, type Send, sendAll } from "./documents.ts";

const environment = { signal: new AbortController().signal } as Environment;

function document(kind: string, name: string, namespace = "default"): Document {
  const apiVersion = kind === "Deployment" ? "apps/v1" : "v1";
  const definition = findDefinition({ apiVersion, kind });
  assert.ok(definition, kind);
  const object = { apiVersion, kind, metadata: { name } };
  const manifest = { source: "app.yaml", object, placeOf: () => ({ line: 1, column: 1 }) };
  return { manifest, definition, namespace, object } as unknown as Document;
}

const answer = ({ object }: Document) => ({ object, warnings: [], outcome: "configured" });
const configMaps = (count: number): readonly Document[] =>
  Array.from({ length: count }, (_, at) => document("ConfigMap", `c${at}`));

test("those of one kind are sent at once, bounded; the next kind waits for them", async () => {
  const underWay = new Set<string>();
  let most = 0;
  const send: Send = async (one) => {
    if (one.definition.kind === "Deployment") assert.equal(underWay.size, 0, "its ConfigMaps are there");
    underWay.add(one.object.metadata.name);
    most = Math.max(most, underWay.size);
    await new Promise((resolve) => setImmediate(resolve));
    underWay.delete(one.object.metadata.name);
    return answer(one);
  };
  const documents = [...configMaps(100), document("Deployment", "web")];
  const heard: string[] = [];
  const onSent = ({ object }: Document): number => heard.push(object.metadata.name);
  const sent = await sendAll(documents, { send, dryRun: false, done: "applied", onSent }, environment);
  assert.equal(most, writesAtOnce);
  assert.deepEqual(
    heard,
    documents.map(({ object }) => object.metadata.name),
    "told in the documents' order",
  );
  assert.equal(sent.length, 101);
});

test("after a refusal nothing more is begun, and each document's fate is told as it was", async () => {
  const begun: string[] = [];
  const send: Send = async (one) => {
    const { name } = one.object.metadata;
    begun.push(name);
    if (name === "c1") throw new Problem("conflict", "changed by somebody else", { hint: "Read it again." });
    // Answered after the refusal: it was under way already.
    await new Promise((resolve) => setImmediate(resolve));
    return answer(one);
  };
  const documents = [...configMaps(writesAtOnce + 2), document("Deployment", "web")];
  const heard: string[] = [];
  const onSent = ({ object }: Document): number => heard.push(object.metadata.name);
  await assert.rejects(
    sendAll(documents, { send, dryRun: false, done: "applied", onSent }, environment),
    (thrown: Problem) => {
      assert.equal(thrown.code, "conflict");
      assert.equal(thrown.message, "configmap/c1: changed by somebody else");
      assert.equal(thrown.hint, "Read it again.");
      const told = thrown.causes.map(({ message }) => message);
      assert.equal(told.length, documents.length);
      assert.deepEqual(told.slice(0, 3), [
        "applied: configmap/c0",
        "not applied: configmap/c1",
        "applied: configmap/c2",
      ]);
      assert.deepEqual(told.slice(-2), [
        `not applied: configmap/c${writesAtOnce + 1}`,
        "not applied: deployment.apps/web",
      ]);
      return true;
    },
  );
  assert.equal(begun.length, writesAtOnce);
  assert.equal(heard.length, writesAtOnce - 1);
});

test("a check tells of all that is refused, in the files' order, and lets pass what waits for its namespace", async () => {
  const send: Send = async (one) => {
    const { name } = one.object.metadata;
    if (name === "c3" || name === "c7") throw new Problem("invalid", `${name} is not well`);
    if (one.namespace === "new") throw new Problem("not-found", "namespace new does not exist");
    return answer(one);
  };
  const documents = [document("Namespace", "new", ""), ...configMaps(9), document("ConfigMap", "inside", "new")];
  await assert.rejects(checkThere(documents, send, "applied", environment), (thrown: Problem) => {
    assert.match(thrown.message, /nothing was applied: the server refused 2 of 11 documents/);
    assert.deepEqual(
      thrown.causes.map(({ message }) => /c\d is not well/.exec(message)?.[0]),
      ["c3 is not well", "c7 is not well"],
    );
    return true;
  });
  await checkThere(documents.slice(0, 1).concat(documents.slice(-1)), send, "applied", environment);
});

test("of very many documents only the numbers are told", async () => {
  const send: Send = async (one) => {
    if (one.object.metadata.name === "c50") throw new Problem("forbidden", "not that one");
    return answer(one);
  };
  const options = { send, dryRun: false, done: "created", onSent: () => undefined };
  await assert.rejects(sendAll(configMaps(200), options, environment), (thrown: Problem) => {
    assert.match(thrown.message, /^configmap\/c50: not that one$/);
    assert.match(thrown.causes.map(({ message }) => message).join(), /^created: \d+ of 200$/);
    return true;
  });
});
