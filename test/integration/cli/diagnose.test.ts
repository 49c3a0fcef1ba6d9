/** orchctl cluster diagnose: a bundle that helps, and in which no secret can be found, however it got there. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { Problem } from "#proto/kit/problem.ts";
import { OrchctlUnderTest } from "../../support/orchctl.ts";

/** What must not be in the bundle, by how it was hidden. */
const canaries = {
  data: "canary-data-7f3a",
  short: "c4n4ry",
  json: 'canary "quoted\\ 8',
  environment: "canary-env-91bd",
  configMap: "canary-config-55aa",
  argument: "canary-arg-20cc",
  url: "canary-url-3e1f",
  header: "canary-header-77de",
  annotation: "canary-annotation-08",
};

let cli: OrchctlUnderTest;
const paths: string[] = [];
before(async () => {
  cli = await OrchctlUnderTest.start({
    extensions: {
      clusterStatus: async () => ({ status: Buffer.from('{"cluster":"test"}') }),
      raw: async ({ path }) => {
        paths.push(path);
        if (path.startsWith("/nodes/")) throw new Problem("unavailable", "the agent is not connected");
        // An application wrote its secret where it should not.
        return { status: 200, contentType: "text/plain", body: Buffer.from(`echo ${canaries.data}\n`) };
      },
    },
  });
});
after(() => cli.stop());

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "web",
    namespace: "default",
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": `{"x":"${canaries.annotation}"}` },
  },
  spec: {
    containers: [
      {
        name: "main",
        image: "example",
        command: ["run", `--db-password=${canaries.argument}`, "--level=debug"],
        args: [`postgres://app:${canaries.url}@db/x`, canaries.short],
        env: [
          { name: "API", value: canaries.environment },
          { name: "FROM", valueFrom: { secretKeyRef: { name: "db", key: "data" } } },
        ],
        livenessProbe: { httpGet: { port: 80, httpHeaders: [{ name: "Authorization", value: canaries.header }] } },
      },
    ],
  },
};

test("no canary is in the bundle, and what helps is", async () => {
  const data = Object.fromEntries(
    (["data", "short", "json"] as const).map((key) => [key, Buffer.from(canaries[key]).toString("base64")]),
  );
  const { calls } = cli;
  await calls.create(
    "secrets",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "db", namespace: "default" }, data },
    { namespace: "default" },
  );
  const configMap = { metadata: { name: "conf", namespace: "default" }, data: { file: canaries.configMap } };
  await calls.create("configmaps", { apiVersion: "v1", kind: "ConfigMap", ...configMap }, { namespace: "default" });
  await calls.create("pods", pod, { namespace: "default" });
  await calls.create("nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } });

  const folder = mkdtempSync(join(tmpdir(), "orch-diagnose-"));
  try {
    const path = join(folder, "bundle.tar.gz");
    const ran = await cli.run(["cluster", "diagnose", "-f", path]);
    assert.equal(ran.code, 0, ran.err);
    assert.equal(ran.out, `${path}\n`);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const packed = gunzipSync(readFileSync(path)).toString("latin1");
    for (const [where, canary] of Object.entries(canaries)) {
      for (const form of [canary, JSON.stringify(canary).slice(1, -1), Buffer.from(canary).toString("base64")])
        assert.ok(!packed.includes(form), `${where}: ${form}`);
    }
    const names = execFileSync("tar", ["tzf", path], { encoding: "utf8" }).trim().split("\n");
    for (const name of ["status.json", "readyz.txt", "metrics/control-plane.txt", "objects/pods.json", "about.txt"])
      assert.ok(names.includes(name), name);
    const file = (name: string): string => execFileSync("tar", ["xzOf", path, name], { encoding: "utf8" });
    assert.match(file("objects/pods.json"), /--level=debug[\s\S]*"image": "example"/);
    assert.match(file("objects/secrets.json"), /"data": "\[taken out: \d+ characters\]"/);
    assert.match(file("objects/pods.json"), /\[secret default\/db short\]/);
    assert.match(file("not-collected.txt"), /metrics of node-1: the agent is not connected/);
    assert.ok(paths.includes("/readyz?verbose"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a cluster that does not answer leaves a bundle that says so", async () => {
  await cli.writeContext("silent", "CN=admin, O=system:masters", "127.0.0.1:1");
  const folder = mkdtempSync(join(tmpdir(), "orch-diagnose-"));
  try {
    const path = join(folder, "bundle.tar.gz");
    const ran = await cli.run(["cluster", "diagnose", "-f", path, "--request-timeout", "500ms"]);
    assert.equal(ran.code, 0, ran.err);
    const said = execFileSync("tar", ["xzOf", path, "not-collected.txt"], { encoding: "utf8" });
    assert.match(said, /the control plane: .*does not answer/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
