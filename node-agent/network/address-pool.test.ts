import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { AddressPool } from "./address-pool.ts";
import { formatAddress, parseAddress } from "./ipv4.ts";

test("the first address is the gateway's, the last the broadcast's", () => {
  const pool = new AddressPool("10.128.3.0/29");
  assert.equal(formatAddress(pool.gateway), "10.128.3.1");
  const all = Array.from({ length: 5 }, () => formatAddress(pool.allocate()));
  assert.deepEqual(all, ["10.128.3.2", "10.128.3.3", "10.128.3.4", "10.128.3.5", "10.128.3.6"]);
  assert.throws(
    () => pool.allocate(),
    (thrown) => Problem.is(thrown, "unavailable"),
  );
});

test("a released address comes last", () => {
  const pool = new AddressPool("10.128.3.0/29");
  const first = pool.allocate();
  pool.release(first);
  const next = Array.from({ length: 5 }, () => pool.allocate());
  assert.equal(next.indexOf(first), 4);
});

test("reserved and foreign addresses are never released or taken", () => {
  const pool = new AddressPool("10.128.3.0/29");
  const before = pool.free;
  pool.release(pool.gateway);
  pool.release(parseAddress("10.128.4.2") ?? 0);
  assert.equal(pool.free, before);
  assert.equal(pool.take(parseAddress("10.128.4.2") ?? 0), false);
  assert.equal(pool.take(parseAddress("10.128.3.5") ?? 0), true);
  assert.equal(pool.free, before - 1);
});

test("addresses above 127.255.255.255 are positive numbers", () => {
  assert.equal(formatAddress(parseAddress("255.255.255.255") ?? 0), "255.255.255.255");
  assert.equal(parseAddress("192.168.0.1"), 3232235521);
  for (const odd of ["1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", ""]) assert.equal(parseAddress(odd), undefined, odd);
});
