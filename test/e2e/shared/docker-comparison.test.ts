/** A pod's container beside `docker run` of the same image, as seen from inside: what differs is written down, nothing else does. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inNamespace } from "../support/in-namespace.ts";
import { type Difference, dockerDifferences } from "../support/isolation/docker-differences.ts";
import { type Facts, factsOf, probeScript } from "../support/isolation/seen-from-inside.ts";
import { image, pod } from "../support/manifests.ts";
import { must, type Running, root, run, start } from "../support/programs.ts";

const folder = mkdtempSync(join(tmpdir(), "orch-beside-docker-"));
const socket = `unix://${folder}/socket`;
let daemon: Running | undefined;
let seenInDocker: Facts;

const kinds = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];
const hostNamespaces = Object.fromEntries(kinds.map((kind) => [kind, readlinkSync(`/proc/self/ns/${kind}`)]));

/** In a network of its own, so that it finds and leaves none of its links and rules on the machine. */
before(async () => {
  const flags = [
    `--data-root=${folder}/data`,
    `--exec-root=${folder}/exec`,
    `--pidfile=${folder}/pid`,
    `--host=${socket}`,
  ];
  const command = `ip link set lo up; exec dockerd ${flags.join(" ")} --storage-driver=vfs --iptables=false --ip6tables=false`;
  daemon = start("unshare", ["--net", "sh", "-c", command]);
  await daemon.waitFor(/API listen on/, 60_000);
  await must("sh", [join(root, "deploy/example-image.sh"), join(folder, "hello.tar")]);
  await must("docker", ["--host", socket, "load", "--input", join(folder, "hello.tar")]);
  const output = await must("docker", ["--host", socket, "run", "--rm", image, "/bin/sh", "-c", probeScript]);
  seenInDocker = factsOf(output, hostNamespaces);
});

after(async () => {
  await daemon?.stop();
  await run("umount", ["--recursive", "--lazy", folder]);
  rmSync(folder, { recursive: true, force: true });
});

interface Compared {
  readonly name: string;
  readonly docker: string;
  readonly orch: string;
}

function compare(docker: Facts, orch: Facts): readonly Compared[] {
  const names = [...new Set([...docker.keys(), ...orch.keys()])];
  const seen = (facts: Facts, name: string): string => facts.get(name) ?? "not there";
  return names
    .map((name) => ({ name, docker: seen(docker, name), orch: seen(orch, name) }))
    .filter((compared) => compared.docker !== compared.orch);
}

const isAsSaid = ({ docker, orch }: Compared, said: Difference): boolean =>
  said.values
    ? said.values.docker.test(docker) && said.values.orch.test(orch)
    : docker === said.docker && orch === said.orch;

inNamespace("nothing but what is written down differs from docker run", async ({ cluster, namespace }) => {
  await cluster.apply(pod("probe", `${probeScript}\ntrue`, "  restartPolicy: Never"), "-n", namespace);
  await cluster.orchctl(["wait", "pod/probe", "--for=jsonpath={.status.phase}=Succeeded", "-n", namespace]);
  const facts = factsOf(await cluster.orchctl(["logs", "probe", "-n", namespace]), hostNamespaces);
  assert.ok(facts.size > 90, `the script saw ${facts.size} things`);
  const found = compare(seenInDocker, facts);
  const unexplained = found.filter(
    (compared) => !dockerDifferences.some((said) => said.facts.test(compared.name) && isAsSaid(compared, said)),
  );
  assert.deepEqual(unexplained, []);
  const vanished = dockerDifferences.filter(
    (said) => !said.sometimes && !found.some(({ name }) => said.facts.test(name)),
  );
  assert.deepEqual(vanished, [], "it is said to differ, and does not");
  for (const kind of kinds.filter((name) => name !== "user")) assert.equal(facts.get(`namespace ${kind}`), "own");
  assert.deepEqual(
    [...facts.keys()].filter((name) => name.startsWith("open-file ")),
    ["open-file 0", "open-file 1", "open-file 2"],
  );
});

test("every difference stands in docs/isolation.md", () => {
  const page = readFileSync(join(root, "docs/isolation.md"), "utf8");
  for (const { what, docker, orch, why } of dockerDifferences) {
    const line = `| ${what} | ${docker} | ${orch} | ${why} |`;
    assert.ok(page.includes(line), `docs/isolation.md lacks the line\n${line}`);
  }
});
