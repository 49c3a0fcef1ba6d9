/** orchctl exec, logs, image load, node join and cluster status against a scripted other side of the streams. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { encodeProblem } from "#proto/kit/rpc/problem-status.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { OrchctlUnderTest } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
const opened: orch.v1.StreamOpen[] = [];

/** exec answers its words and input; logs answer by container; image-load reports what `loads` says. */
const loads: { answer: unknown } = { answer: undefined };
before(async () => {
  cli = await OrchctlUnderTest.start({
    extensions: {
      stream: async (call) => {
        let received = 0;
        let open: orch.v1.StreamOpen | undefined;
        const text = (words: string): Buffer => Buffer.from(words);
        for await (const frame of call.requests) {
          if (frame.open) {
            open = frame.open as orch.v1.StreamOpen;
            opened.push(open);
          } else if (frame.data?.length) {
            received += frame.data.length;
            await call.send({ credit: frame.data.length });
          }
          const waitsForInput = open?.kind === "image-load" || open?.exec?.stdin === true;
          if (waitsForInput && !frame.endOfInput) continue;
          break;
        }
        if (open?.kind === "exec") {
          await call.send({ data: text(`${open.exec?.command?.join(" ")} ${received}\n`) });
          await call.send({ errorData: text("complaint\n") });
          await call.send({ result: { exitCode: 42 } });
        } else if (open?.kind === "logs" && open.pod === "broken") {
          await call.send({
            result: { problem: encodeProblem(new Problem("unavailable", "node n1 does not answer")) },
          });
        } else if (open?.kind === "logs") {
          await call.send({ data: text(`one of ${open.container}\ntwo`) });
          await call.send({ result: { exitCode: 0 } });
        } else await call.send({ result: { detail: text(JSON.stringify(loads.answer)) } });
      },
      createJoinToken: async ({ uses }) => ({
        token: "t",
        joinCommand: `orch-node-agent join --uses ${uses}`,
        expiresAtMs: 0,
      }),
    },
  });
  for (const name of ["web", "broken"])
    await cli.calls.create("pods", {
      ...{
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace: "default", labels: { app: "x", [name]: "yes" } },
      },
      spec: { containers: ["main", "side"].map((container) => ({ name: container, image: "busybox" })) },
    });
});
after(() => cli.stop());

test("exec leaves with the command's exit code, its streams kept apart", async () => {
  assert.deepEqual(await cli.run(["exec", "web", "--", "ls", "-l"]), {
    code: 42,
    out: "ls -l 0\n",
    err: "complaint\n",
  });
  const input = "x".repeat(700_000);
  assert.equal((await cli.run(["exec", "-i", "web", "-c", "side", "--", "wc"], { input })).out, "wc 700000\n");
  assert.equal(opened.at(-1)?.container, "side");
});

test("exec says which containers there are, and goes on without a terminal that we do not have", async () => {
  const unknown = await cli.run(["exec", "web", "-c", "none", "--", "ls"]);
  assert.equal(unknown.code, 3);
  assert.match(unknown.err, /its containers are main, side/);
  const piped = await cli.run(["exec", "-it", "web", "--", "ls", "-l"]);
  assert.equal(piped.code, 42);
  assert.match(piped.err, /^Standard input is no terminal/);
  assert.equal(opened.at(-1)?.exec?.terminal, false);
});

test("one log is passed on as it is; several come line by line, and one that fails hides no other", async () => {
  assert.equal((await cli.run(["logs", "web", "--tail", "5", "--since", "1m", "--previous"])).out, "one of main\ntwo");
  const asked = opened.at(-1)?.logs;
  assert.deepEqual([asked?.tailLines, asked?.sinceMs, asked?.previous, asked?.follow], [5, 60_000, true, false]);
  assert.equal((await cli.run(["logs", "web", "--all-containers"])).out, "one of main\ntwo\none of side\ntwo\n");
  const several = await cli.run(["logs", "-l", "app=x", "--prefix"]);
  assert.equal(several.out, "[web/main] one of main\n[web/main] two\n");
  assert.equal(several.code, 7);
  assert.match(several.err, /1 of 2 logs could not be read\n {2}node n1 does not answer/);
  assert.equal((await cli.run(["logs", "-l", "app=none"])).err, "No pods match.\n");
  for (const words of [[], ["web", "-l", "app=x"], ["web", "-c", "a", "--all-containers"]])
    assert.equal((await cli.run(["logs", ...words])).code, 2, words.join(" "));
});

test("logs of a workload are one pod's, or with --all-pods every pod's, each line with its name", async () => {
  const meta = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "both", namespace: "default" } };
  const template = { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "main", image: "busybox" }] } };
  const spec = { replicas: 2, selector: { matchLabels: { app: "x" } }, template };
  await cli.calls.create("deployments.apps", { ...meta, spec });
  const all = await cli.run(["logs", "deployment/both", "--all-pods"]);
  assert.equal(all.out, "[web/main] one of main\n[web/main] two\n");
  assert.match(all.err, /1 of 2 logs could not be read/);
  assert.equal((await cli.run(["logs", "web", "--all-pods"])).out, "[web/main] one of main\n[web/main] two\n");
  const refused = await cli.run(["logs", "-l", "app=x", "--all-pods"]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /--all-pods goes with a workload/);
});

test("logs --since-time asks for the time that has passed since then, by this machine's clock alone", async () => {
  const time = new Date(systemClock.nowMs() - 60_000).toISOString();
  assert.equal((await cli.run(["logs", "web", "--since-time", time])).code, 0);
  const sinceMs = opened.at(-1)?.logs?.sinceMs ?? 0;
  assert.ok(sinceMs >= 60_000 && sinceMs < 120_000, `${sinceMs} ms`);
  assert.equal((await cli.run(["logs", "web", "--since-time", "2999-01-01T00:00:00Z"])).code, 0);
  assert.equal(opened.at(-1)?.logs?.sinceMs, 1, "none yet");
  const wrong = await cli.run(["logs", "web", "--since-time", "yesterday"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /"yesterday" is no time; write it as 2026-11-21T12:00:00Z/);
  assert.equal((await cli.run(["logs", "web", "--since-time", time, "--since", "1m"])).code, 2);
});

test("image load: says where the image is, and how others get it", async () => {
  const load = (...more: string[]): ReturnType<OrchctlUnderTest["run"]> =>
    cli.run(["image", "load", ...more], { input: "tar" });
  loads.answer = { images: [{ name: "web:1", digest: "sha256:0123456789abcdef" }], node: "n1" };
  const loaded = await load();
  assert.equal(loaded.out, "web:1 (sha256:0123456789ab) loaded onto node n1\n");
  assert.match(loaded.err, /Other nodes take it from there/);
  assert.deepEqual(JSON.parse((await load("-o", "json")).out), loads.answer);
  assert.equal((await cli.run(["image", "load", "nowhere.tar"])).code, 3);
});

test("node join prints the command alone on standard output", async () => {
  const ran = await cli.run(["node", "join", "--uses", "3"]);
  assert.equal(ran.out, "orch-node-agent join --uses 3\n");
  assert.match(ran.err, /good for 3 machines, until 1970/);
  assert.deepEqual(Object.keys(JSON.parse((await cli.run(["node", "join", "-o", "json"])).out)), [
    "token",
    "joinCommand",
    "expiresAt",
  ]);
});
