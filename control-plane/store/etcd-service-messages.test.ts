import assert from "node:assert/strict";
import { test } from "node:test";
import { writeAsEtcd } from "./etcd-proto.fixture.ts";
import { alarmAnswer, alarmRequest, leaseAnswer, leaseGrantRequest, leaseRequest } from "./etcd-service-messages.ts";

const lease = "7587848943239472601";
const header = { revision: 5 };

test("a lease's requests and answers, its id to the last digit", () => {
  assert.equal(leaseGrantRequest(10).toString("hex"), "0000000002080a");
  assert.equal(leaseRequest(lease).toString("hex"), "000000000a08d9cbf2b8968ddda669");
  const answer = Buffer.concat([
    writeAsEtcd("LeaseGrantResponse", { header, TTL: 10 }),
    Buffer.from("10d9cbf2b8968ddda669", "hex"),
  ]);
  assert.deepEqual(leaseAnswer(answer), { lease, ttlSeconds: 10 });
  assert.equal(leaseAnswer(writeAsEtcd("LeaseKeepAliveResponse", { header, ID: 7, TTL: 0 })).ttlSeconds, 0);
});

test("alarms, those of space apart from others", () => {
  assert.equal(alarmRequest().length, 5);
  const alarms = [
    { memberID: 7, alarm: "Nospace" },
    { memberID: 8, alarm: 2 },
  ];
  assert.deepEqual(alarmAnswer(writeAsEtcd("AlarmResponse", { header, alarms })), [
    { memberID: "7", isSpace: true },
    { memberID: "8", isSpace: false },
  ]);
  // The ids of members use all 64 bits, without a sign.
  const memberID = "10276657743932975437";
  assert.deepEqual(alarmAnswer(Buffer.from("120d08cdd2918bd2b881cf8e011001", "hex")), [{ memberID, isSpace: true }]);
});
