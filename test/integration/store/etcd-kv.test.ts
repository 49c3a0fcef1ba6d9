import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe } from "node:test";
import { kvContract } from "#control-plane/store/kv.contract.ts";
import { EtcdProcess } from "./etcd-process.ts";

describe("etcd-kv", () => {
  let etcd: EtcdProcess | undefined;
  before(async () => {
    etcd = await EtcdProcess.start();
  });
  after(() => etcd?.end());

  kvContract(
    "etcd",
    async () => {
      assert.ok(etcd);
      const kv = etcd.client(`/${randomUUID()}/`);
      const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
      return { kv, pass, close: () => kv.close() };
    },
    { shortLeaseMs: 2000 },
  );
});
