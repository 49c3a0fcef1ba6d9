import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { canonicalJson } from "./canonical-json.ts";
import { compareKeys } from "./key-order.ts";
import { createObjectCodec, setPosition } from "./object-codec.ts";
import {
  endOfRevision,
  formatResourceVersion,
  parseResourceVersion,
  positionOf,
  revisionOf,
} from "./resource-version.ts";

const key = { group: "", plural: "configmaps", namespace: "default", name: "a" };
const object = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "default", resourceVersion: "7" },
  data: { b: "ä\n", a: "" },
};
const isProblem = (code: Problem["code"]) => (thrown: unknown) => Problem.is(thrown, code);

describe("object-codec", () => {
  const codec = createObjectCodec();

  it("reads what it wrote, with the resourceVersion of the write", () => {
    const value = codec.encode(key, object);
    setPosition(value, 99);
    const resourceVersion = formatResourceVersion(1000, 99);
    assert.deepEqual(codec.decode(key, value, 1000), { ...object, metadata: { ...object.metadata, resourceVersion } });
  });

  it("is one line to read and JSON, without a resourceVersion", () => {
    const text = Buffer.from(codec.encode(key, object)).toString();
    assert.equal(
      text,
      'orch 1 000\n{"apiVersion":"v1","data":{"a":"","b":"ä\\n"},"kind":"ConfigMap","metadata":{"name":"a","namespace":"default"}}',
    );
  });

  it("refuses data newer than itself with a sentence", () => {
    assert.throws(
      () => codec.decode(key, Buffer.from('orch 2 000 more\n{"metadata":{}}'), 1),
      (thrown) => {
        assert.ok(Problem.is(thrown, "unsupported"));
        assert.match(
          thrown.message,
          /newer than this control plane: registry\/core\/configmaps\/default\/a has format 2/,
        );
        return true;
      },
    );
  });

  it("refuses what it did not write", () => {
    for (const text of [
      "",
      "{}",
      "orch x 1\n{}",
      "orch 1 000\n",
      "orch 1 000\n[]",
      "orch 1 000\nnull",
      "orch 1 000\n{",
    ]) {
      assert.throws(() => codec.decode(key, Buffer.from(text), 1), isProblem("internal"), text);
    }
  });

  it("refuses Secrets when no key is loaded", () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, data: {} };
    assert.throws(() => codec.encode({ ...key, plural: "secrets" }, secret), isProblem("internal"));
  });

  it("decodes a window on a larger buffer", () => {
    const value = codec.encode(key, object);
    const large = Buffer.concat([Buffer.from("before"), value, Buffer.from("after")]);
    assert.equal(codec.decode(key, large.subarray(6, 6 + value.byteLength), 1).kind, "ConfigMap");
  });
});

describe("canonical JSON", () => {
  it("is the same for equal objects, whatever the order of their fields", () => {
    assert.equal(
      canonicalJson({ b: [1, { d: 1, c: null }], a: "x" }),
      canonicalJson({ a: "x", b: [1, { c: null, d: 1 }] }),
    );
  });

  it("sorts what is out of order anywhere within, and names that read as numbers by their letters", () => {
    const inner = {
      a: 1,
      m: [
        { y: 1, x: undefined },
        { y: 1, x: 2 },
      ],
      z: { "9": 1, "10": 2 },
    };
    assert.equal(
      canonicalJson({ a: inner, b: [[inner.z]] }),
      '{"a":{"a":1,"m":[{"y":1},{"x":2,"y":1}],"z":{"10":2,"9":1}},"b":[[{"10":2,"9":1}]]}',
    );
    assert.equal(canonicalJson({ b: undefined, a: undefined }), "{}");
    assert.equal(canonicalJson({ b: { a: 1 }, a: [] }), '{"a":[],"b":{"a":1}}');
  });

  it("means what JSON.stringify means", () => {
    const value = { z: undefined, a: [undefined, true, 1.5, -0, '\u2028"'], "": {}, é: [] };
    assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
  });

  it("keeps a field named __proto__ a field", () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
    assert.equal(canonicalJson(hostile), '{"__proto__":{"polluted":true}}');
  });
});

describe("resourceVersion", () => {
  it("orders by revision, then by position", () => {
    const versions = [
      formatResourceVersion(1, 127),
      formatResourceVersion(2, 0),
      formatResourceVersion(2, 1),
      endOfRevision(2),
    ];
    const numbers = versions.map(parseResourceVersion);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
    assert.deepEqual([revisionOf(versions[2] ?? ""), positionOf(versions[2] ?? "")], [2, 1]);
  });

  it("refuses what is none", () => {
    for (const text of ["", "-1", "1.5", "1e3", "abc", " 1", "99999999999999999"]) {
      assert.throws(() => parseResourceVersion(text), isProblem("bad-request"), text);
    }
  });
});

describe("order of keys", () => {
  it("is the order of their UTF-8 bytes", () => {
    const keys = ["a", "a/b", "a-b", "é", "\uffee", "😀", "", "z"];
    const byBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    assert.deepEqual([...keys].sort(compareKeys), byBytes);
  });
});
