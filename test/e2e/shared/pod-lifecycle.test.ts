/** What a pod's own misfortunes look like in its status: crashes, failing probes, too much memory, a slow end. */
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import type { Pod } from "#proto/resources/pod.ts";
import { pidsWith } from "../support/containers.ts";
import { allowPrivileged, inNamespace, type Scene } from "../support/in-namespace.ts";
import { pod } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

type ContainerStatus = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

/** Waits until the status of the pod's only container is as asked, and returns it. */
const containerOf = (
  { cluster, namespace }: Scene,
  name: string,
  what: string,
  is: (status: ContainerStatus) => boolean,
  timeoutMs = 20_000,
): Promise<ContainerStatus> =>
  eventually(
    what,
    async () => {
      const status = (await cluster.get<Pod>(`pod/${name}`, "-n", namespace)).status?.containerStatuses?.[0];
      return status && is(status) ? status : undefined;
    },
    timeoutMs,
  );

const isReady = async ({ cluster, namespace }: Scene, name: string): Promise<string | undefined> =>
  (await cluster.get<Pod>(`pod/${name}`, "-n", namespace)).status?.conditions?.find(({ type }) => type === "Ready")
    ?.status;

/** More lines of the only container of `pod()`. */
const withContainer = (yaml: string, lines: string): string => `${yaml}      ${lines}\n`;

/** Fresh numbers, so that no test sees another's processes. */
const word = (index: number): string => String(600_000 + (process.pid % 10_000) * 10 + index);

inNamespace("a failing liveness probe restarts the container, and its event says why", async (scene) => {
  const { cluster, namespace } = scene;
  const probe = "livenessProbe: { exec: { command: [test, -f, /tmp/alive] }, periodSeconds: 1, failureThreshold: 1 }";
  const command = "touch /tmp/alive; trap 'exit 0' TERM; while :; do sleep 1; done";
  await cluster.apply(withContainer(pod("sick", command), probe), "-n", namespace, "--wait");
  assert.equal((await containerOf(scene, "sick", "a status", () => true)).restartCount, 0);
  await cluster.orchctl(["exec", "sick", "-n", namespace, "--", "rm", "/tmp/alive"]);
  const healed = await containerOf(scene, "sick", "a restart", (one) => one.restartCount === 1 && one.ready);
  assert.ok(healed.lastState?.terminated, "the run before is told");
  assert.match(await cluster.orchctl(["events", "--for", "pod/sick", "-n", namespace]), /Unhealthy.*iveness/);
});

inNamespace("a readiness probe gates the Ready condition both ways, without a restart", async (scene) => {
  const { cluster, namespace } = scene;
  const probe = "readinessProbe: { exec: { command: [test, -f, /tmp/ready] }, periodSeconds: 1, failureThreshold: 1 }";
  const command = "trap 'exit 0' TERM; while :; do sleep 1; done";
  await cluster.apply(withContainer(pod("shy", command), probe), "-n", namespace);
  await containerOf(scene, "shy", "running", (one) => one.state?.running !== undefined);
  assert.equal(await isReady(scene, "shy"), "False", "it runs, and is not ready");
  const set = (shell: string): Promise<string> =>
    cluster.orchctl(["exec", "shy", "-n", namespace, "--", "sh", "-c", shell]);
  await set("touch /tmp/ready");
  await eventually("ready", async () => ((await isReady(scene, "shy")) === "True" ? true : undefined), 10_000);
  await set("rm /tmp/ready");
  await eventually("not ready", async () => ((await isReady(scene, "shy")) === "False" ? true : undefined), 10_000);
  assert.equal((await containerOf(scene, "shy", "a status", () => true)).restartCount, 0);
});

inNamespace(
  "a container that keeps failing backs off longer each time, and its last words can be read",
  async (scene) => {
    const { cluster, namespace } = scene;
    await cluster.apply(pod("crash", "echo run at $(date +%s); exit 9"), "-n", namespace);
    const waitSeconds = async (restarts: number): Promise<number> => {
      const { state } = await containerOf(
        scene,
        "crash",
        `back-off after restart ${restarts}`,
        (one) => one.restartCount === restarts && one.state?.waiting?.reason === "CrashLoopBackOff",
        30_000,
      );
      const [, amount] = /back-off (\d+)s/.exec(state?.waiting?.message ?? "") ?? [];
      assert.ok(amount, `the wait is told: ${state?.waiting?.message}`);
      return Number(amount);
    };
    const [first, second] = [await waitSeconds(1), await waitSeconds(2)];
    assert.ok(second >= 2 * first, `${second} s after ${first} s`);
    const { lastState } = await containerOf(scene, "crash", "a status", () => true);
    assert.equal(lastState?.terminated?.exitCode, 9);
    assert.equal(lastState?.terminated?.reason, "Error");
    assert.match(await cluster.orchctl(["logs", "crash", "--previous", "-n", namespace]), /^run at \d+\n$/);
  },
);

inNamespace("a container that takes more memory than its limit is OOMKilled with exit code 137", async (scene) => {
  const { cluster, namespace } = scene;
  const hungry = pod("hungry", "exec tail /dev/zero", "  restartPolicy: Never");
  await cluster.apply(withContainer(hungry, "resources: { limits: { memory: 24Mi } }"), "-n", namespace);
  const { state } = await containerOf(scene, "hungry", "an end", (one) => one.state?.terminated !== undefined);
  assert.deepEqual([state?.terminated?.reason, state?.terminated?.exitCode], ["OOMKilled", 137]);
  assert.equal((await cluster.get<Pod>("pod/hungry", "-n", namespace)).status?.phase, "Failed");
});

inNamespace("a deleted pod gets SIGTERM first, and SIGKILL when its grace is over", async (scene) => {
  const { cluster, namespace } = scene;
  await allowPrivileged(scene);
  const [polite, deaf] = [word(1), word(2)];
  const dir = "/tmp/said";
  const handler = `trap 'echo goodbye > ${dir}/${polite}; exit 0' TERM; sleep ${polite} & wait`;
  const mount = (yaml: string): string =>
    `${withContainer(yaml, `volumeMounts: [{ name: said, mountPath: ${dir} }]`)}  volumes: [{ name: said, hostPath: { path: /tmp/orch-${polite}, type: DirectoryOrCreate } }]\n`;
  await cluster.apply(
    `${mount(pod("polite", handler)).replace("PeriodSeconds: 2", "PeriodSeconds: 30")}---\n${pod("deaf", `trap '' TERM; while :; do sleep ${deaf}; done`)}`,
    "-n",
    namespace,
    "--wait",
  );
  const timed = async (name: string): Promise<number> => {
    const startedAt = performance.now();
    await cluster.orchctl(["delete", "pod", name, "-n", namespace, "--timeout", "40s"]);
    return performance.now() - startedAt;
  };
  try {
    const politeMs = await timed("polite");
    assert.ok(politeMs < 15_000, `ends by itself, well before its grace of 30 s: ${politeMs} ms`);
    assert.equal(readFileSync(`/tmp/orch-${polite}/${polite}`, "utf8"), "goodbye\n", "its handler ran to its end");
    const deafMs = await timed("deaf");
    assert.ok(deafMs >= 1900 && deafMs < 15_000, `killed after its grace of 2 s, not before: ${deafMs} ms`);
    assert.deepEqual([...pidsWith(polite), ...pidsWith(deaf)], []);
  } finally {
    rmSync(`/tmp/orch-${polite}`, { recursive: true, force: true });
  }
});
