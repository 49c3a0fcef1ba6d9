import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "#proto/resources/pod.ts";
import { findDefinition } from "#proto/resources/registry.ts";
import { runManifest } from "./manifest.ts";

const plain = { restart: "Never", env: [], timeout: 1000 };

test("the image names the pod, its arguments follow the image's entrypoint", () => {
  const manifest = runManifest("registry:5000/team/Web_App:1.2@sha256:abc", ["echo", "hello"], { ...plain, rm: true });
  assert.deepEqual(manifest.metadata, { name: "", generateName: "web-app-", labels: { run: "web-app" } });
  assert.deepEqual(manifest.spec, {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 2,
    containers: [{ name: "web-app", image: "registry:5000/team/Web_App:1.2@sha256:abc", args: ["echo", "hello"] }],
  });
});

test("name, environment, labels, port and --command", () => {
  const options = {
    ...plain,
    image: "nginx:1",
    env: ["A=b=c", "E="],
    labels: ["app=web,tier="],
    port: 80,
    command: true,
  };
  const manifest = runManifest("web", ["sh"], options);
  assert.deepEqual(manifest.metadata, { name: "web", labels: { app: "web", tier: "" } });
  assert.deepEqual((manifest.spec as { containers: readonly unknown[] }).containers, [
    {
      ...{ name: "nginx", image: "nginx:1", command: ["sh"], ports: [{ containerPort: 80 }] },
      env: [
        { name: "A", value: "b=c" },
        { name: "E", value: "" },
      ],
    },
  ]);
});

test("whatever the image is called, the schema takes the pod", () => {
  const definition = findDefinition("pods");
  assert.ok(definition);
  for (const image of ["busybox", "a".repeat(200), "x/____", "localhost:5000/a.b_c:latest", "UPPER"]) {
    const object = definition.applyDefaults(runManifest(image, [], plain));
    assert.deepEqual(definition.validate(object, { mode: "strict" }).causes, [], image);
  }
});

test("what is no label or variable is refused", () => {
  assert.throws(() => runManifest("a", [], { ...plain, env: ["=value"] }), /no NAME=value/);
  assert.throws(() => runManifest("a", [], { ...plain, labels: ["app"] }), /no NAME=value/);
  assert.throws(() => runManifest("", [], plain), /no image/);
});

const runSpec = (options: Partial<Parameters<typeof runManifest>[2]>, words: readonly string[] = []) => {
  const manifest = runManifest("app:1", words, { ...plain, ...options }, { HOME: "/home/me" });
  const definition = findDefinition("pods");
  assert.ok(definition);
  const { causes } = definition.validate(definition.applyDefaults(manifest), { mode: "strict" });
  assert.deepEqual(causes, []);
  return manifest.spec as Pod["spec"];
};

test("flags of docker run become the fields that mean the same", () => {
  const spec = runSpec(
    {
      restart: "unless-stopped",
      env: ["HOME", "ABSENT", "A=1"],
      envFileText: ["# comment\nA=0\n B=two words\r\n"],
      volume: ["/srv/data:/data:ro", "/cache"],
      mount: ["type=bind,source=/etc/app,target=/etc/app,readonly", "type=tmpfs,dst=/run,tmpfs-size=1m"],
      tmpfs: ["/tmp:size=64m"],
      device: ["/dev/fuse", "/dev/sda:/dev/disk:r"],
      workdir: "/srv",
      user: "1000:2000",
      groupAdd: ["5"],
      memory: "512m",
      cpus: "1.5",
      entrypoint: "sh",
      hostname: "box",
      network: "host",
      publish: ["8080", "9000:9000/udp"],
      pid: "host",
      addHost: ["db:10.0.0.1", "cache=10.0.0.1"],
      dns: ["10.0.0.53"],
      capAdd: ["CAP_NET_ADMIN"],
      capDrop: ["all"],
      readOnly: true,
      securityOpt: ["no-new-privileges", "seccomp=unconfined"],
      sysctl: ["kernel.shm_rmid_forced=0"],
      stopTimeout: 7,
      healthCmd: "true",
      node: "node-2",
      pull: "Always",
    },
    ["-c", "exit 0"],
  );
  const [container] = spec.containers;
  assert.ok(container);
  assert.deepEqual(
    [container.command, container.args, container.workingDir, container.imagePullPolicy],
    [["sh"], ["-c", "exit 0"], "/srv", "Always"],
  );
  assert.deepEqual(container.env, [
    { name: "A", value: "1" },
    { name: "B", value: "two words" },
    { name: "HOME", value: "/home/me" },
  ]);
  assert.deepEqual(container.resources, { limits: { cpu: "1500m", memory: "536870912" } });
  assert.deepEqual(container.securityContext, {
    ...{ runAsUser: 1000, runAsGroup: 2000, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    capabilities: { add: ["NET_ADMIN"], drop: ["ALL"] },
    seccompProfile: { type: "Unconfined" },
  });
  assert.deepEqual(container.ports, [
    { containerPort: 8080, hostPort: 8080, protocol: "TCP" },
    { containerPort: 9000, hostPort: 9000, protocol: "UDP" },
  ]);
  assert.deepEqual(
    spec.volumes?.map(({ name: _, ...volume }) => volume),
    [
      { hostPath: { path: "/srv/data", type: "DirectoryOrCreate" } },
      { emptyDir: {} },
      { hostPath: { path: "/etc/app", type: "" } },
      { emptyDir: { medium: "Memory", sizeLimit: "1048576" } },
      { emptyDir: { medium: "Memory", sizeLimit: "67108864" } },
      { hostPath: { path: "/dev/fuse", type: "CharDevice" } },
      { hostPath: { path: "/dev/sda", type: "BlockDevice" } },
    ],
  );
  assert.deepEqual(
    container.volumeMounts?.map(({ mountPath, readOnly }) => `${mountPath}${readOnly ? ":ro" : ""}`),
    ["/data:ro", "/cache", "/etc/app:ro", "/run", "/tmp", "/dev/fuse", "/dev/disk:ro"],
  );
  assert.deepEqual(
    [spec.restartPolicy, spec.hostname, spec.hostNetwork, spec.hostPID, spec.terminationGracePeriodSeconds],
    ["Always", "box", true, true, 7],
  );
  assert.deepEqual(spec.hostAliases, [{ ip: "10.0.0.1", hostnames: ["db", "cache"] }]);
  assert.deepEqual([spec.dnsPolicy, spec.dnsConfig?.nameservers], ["None", ["10.0.0.53"]]);
  assert.deepEqual(spec.nodeSelector, { "kubernetes.io/hostname": "node-2" });
  assert.deepEqual(spec.securityContext?.supplementalGroups, [5]);
  assert.equal(container.readinessProbe?.exec?.command?.[2], "true");
});

test("what cannot be is refused with what to do instead", () => {
  const refusals: readonly [Partial<Parameters<typeof runManifest>[2]>, RegExp][] = [
    [{ volume: ["data:/var/lib"] }, /named volumes are not built yet/],
    [{ volume: ["/a:b"] }, /no absolute path/],
    [{ volume: ["/a:/b:shared"] }, /shared is not known/],
    [{ mount: ["type=npipe,source=/a,target=/b"] }, /there is no type npipe/],
    [{ publish: ["8080:80"] }, /publishing a port on the node is not built yet/],
    [{ publish: ["8080:80"], network: "host" }, /cannot be another one outside/],
    [{ publish: ["http"] }, /is no port/],
    [{ restart: "on-failure:3" }, /cannot be limited/],
    [{ restart: "sometimes" }, /is not known/],
    [{ user: "www" }, /names are not looked up/],
    [{ memory: "lots" }, /is no size/],
    [{ memory: "0" }, /is no size/],
    [{ cpus: "-1" }, /is no number/],
    [{ network: "none" }, /without network/],
    [{ network: "backend" }, /there is no network "backend"/],
    [{ pid: "container:a" }, /--pid container:a is not known/],
    [{ securityOpt: ["label=disable"] }, /is not known/],
    [{ addHost: ["db"] }, /is no NAME:ADDRESS/],
    [{ sysctl: ["a"] }, /is no NAME=value/],
    [{ groupAdd: ["audio"] }, /is no number/],
    [{ healthRetries: 3 }, /need --health-cmd/],
    [{ entrypoint: "sh", command: true }, /say the same/],
  ];
  for (const [options, message] of refusals) assert.throws(() => runSpec(options), message);
});

test("ulimits are the annotation that nodes read", () => {
  const { metadata } = runManifest("a", [], { ...plain, ulimit: ["nofile=1024:4096", "core=0"] });
  assert.deepEqual(metadata.annotations, { "orch/ulimits": "nofile=1024:4096,core=0" });
  assert.throws(
    () => runManifest("a", [], { ...plain, ulimit: ["files=1"] }),
    /--ulimit: "files=1" is not NAME=SOFT:HARD/,
  );
});
