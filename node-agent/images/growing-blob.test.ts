import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { GrowingBlob } from "./growing-blob.ts";

const never = new AbortController().signal;

test("a reader hears of each piece, and of the end", async () => {
  const blob = new GrowingBlob("/partial", 10);
  const first = blob.beyond(0, never);
  blob.reach(4);
  assert.equal(await first, 4);
  const second = blob.beyond(4, never);
  blob.finish();
  assert.equal(await second, 10);
  assert.equal(await blob.beyond(10, never), 10);
});

test("a source that begins anew lets readers wait until it has passed them again", async () => {
  const blob = new GrowingBlob("/partial", 10);
  blob.reach(6);
  blob.reach(0);
  const next = blob.beyond(6, never);
  blob.reach(5);
  blob.reach(7);
  assert.equal(await next, 7);
});

test("readers of a download that failed get what is there, then its problem", async () => {
  const blob = new GrowingBlob("/partial", 10);
  blob.reach(3);
  const waiting = blob.beyond(3, never);
  blob.fail(new Problem("unavailable", "the registry went away"));
  assert.equal(await blob.beyond(0, never), 3);
  await assert.rejects(waiting, /the registry went away/);
});

test("a reader that leaves does not wait", async () => {
  const leaving = new AbortController();
  const waiting = new GrowingBlob("/partial", 10).beyond(0, leaving.signal);
  leaving.abort(new Problem("canceled", "the peer hung up"));
  await assert.rejects(waiting, /hung up/);
});
