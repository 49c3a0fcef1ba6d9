/** The flags of orch-node-agent with their help, in the order they are shown. */
import { type FlagTable, flagLines, flagOptions } from "#proto/kit/flags.ts";

const flags: FlagTable = {
  server: { type: "string", value: "HOST:PORT", help: "join: the control plane's enrollment (port 7444)" },
  token: { type: "string", value: "TOKEN", help: "join: a token from `orchctl node join`" },
  "token-file": { type: "string", value: "FILE", help: "join: file that holds the token" },
  cluster: { type: "string", value: "NAME", help: "name of the cluster (what joining said)" },
  "node-name": { type: "string", value: "NAME", help: "name of this node (the host's)" },
  "control-plane": {
    type: "string",
    multiple: true,
    value: "HOST:PORT,…",
    help: "where to dial (the server's, port 7443)",
  },
  "data-dir": {
    type: "string",
    value: "DIR",
    help: "images, volumes, logs, journal (/var/lib/orch/CLUSTER/nodes/NODE)",
  },
  "run-dir": {
    type: "string",
    value: "DIR",
    help: "what must not outlive a reboot, a tmpfs (/run/orch/CLUSTER/nodes/NODE)",
  },
  "cgroup-root": { type: "string", value: "PATH", help: "cgroup of this node's containers (/orch/CLUSTER/NODE)" },
  "node-address": { type: "string", multiple: true, value: "IP", help: "address to report (the host's first)" },
  "peer-port": {
    type: "string",
    value: "PORT",
    help: "where other nodes fetch images from this one, on its first address (7445; 0 = nowhere)",
  },
  cpus: { type: "string", value: "CORES", help: "CPUs to offer (the machine's)" },
  memory: { type: "string", value: "BYTES", help: "memory to offer, as 2Gi (the machine's)" },
  "max-pods": { type: "string", value: "COUNT", help: "pods to offer room for (110)" },
  label: {
    type: "string",
    multiple: true,
    value: "KEY=VALUE",
    help: "label of the Node when it is made; may be repeated",
  },
  taint: {
    type: "string",
    multiple: true,
    value: "KEY=VALUE:EFFECT",
    help: "taint of the Node when it is made; may be repeated",
  },
  "system-reserved": {
    type: "string",
    value: "cpu=…,memory=…",
    help: "kept from pods for the system, as cpu=500m,memory=1Gi (nothing)",
  },
  "orch-reserved": {
    type: "string",
    value: "cpu=…,memory=…",
    help: "kept from pods for Orch's own programs (nothing)",
  },
  "eviction-hard": {
    type: "string",
    multiple: true,
    value: "SIGNAL<SIZE,…",
    help: "below it pods are evicted at once; memory.available<100Mi, nodefs.available and imagefs.available (the smaller of 1Gi and 10%), nodefs.inodesFree and imagefs.inodesFree<5%, pid.available<10%; 0 turns one off",
  },
  "eviction-soft": {
    type: "string",
    multiple: true,
    value: "SIGNAL<SIZE,…",
    help: "below it for the time of grace pods are evicted, with time to stop (none)",
  },
  "eviction-soft-grace-period": {
    type: "string",
    multiple: true,
    value: "SIGNAL=TIME,…",
    help: "how long, as memory.available=1m30s",
  },
  "eviction-max-pod-grace-period": {
    type: "string",
    value: "SECONDS",
    help: "most time to stop in after a soft threshold (none: at once)",
  },
  "eviction-minimum-reclaim": {
    type: "string",
    multiple: true,
    value: "SIGNAL=SIZE,…",
    help: "once a threshold is passed, so much beyond it is freed (0)",
  },
  "image-gc-high-threshold": {
    type: "string",
    value: "SHARE",
    help: "of the images' disk: above it, what nothing needs of them is removed (85%)",
  },
  "image-gc-low-threshold": { type: "string", value: "SHARE", help: "down to this (80%)" },
  "image-gc-min-age": { type: "string", value: "SECONDS", help: "images used within this time stay (120)" },
  "container-log-max-size": {
    type: "string",
    value: "SIZE",
    help: "a container's log is rotated above it (10Mi)",
  },
  "container-log-max-files": {
    type: "string",
    value: "COUNT",
    help: "files kept of a container's log, the written one included (5)",
  },
  "gone-logs-max-age": {
    type: "string",
    value: "SECONDS",
    help: "how long logs of pods that are gone stay readable (86400)",
  },
  "gone-logs-max-size": { type: "string", value: "SIZE", help: "of all of them together; the oldest go first (1Gi)" },
  "pressure-hold": { type: "string", value: "SECONDS", help: "how long a pressure stays told after it is over (60)" },
  "max-restart-period": {
    type: "string",
    value: "SECONDS",
    help: "longest wait before a container that keeps ending is started again; waits begin at 1 and double (300)",
  },
  "pod-pids-limit": { type: "string", value: "COUNT", help: "processes and threads of one pod (4096)" },
  "swap-behavior": {
    type: "string",
    value: "WORD",
    help: "NoSwap: pods use none; LimitedSwap: burstable pods a part of it, by the memory they ask for (NoSwap)",
  },
  "single-process-oom-kill": {
    type: "boolean",
    value: "",
    help: "cgroup v2: at its memory limit a container loses one process, not all (all)",
  },
  "refuse-vulnerable-runtime": {
    type: "boolean",
    value: "",
    help: "do not run with a crun, runc or conmon that has known holes",
  },
  concurrency: { type: "string", value: "COUNT", help: "pods started or stopped at once (12)" },
  "layer-store": {
    type: "string",
    value: "KIND",
    help: "how image layers are kept: erofs, erofs-loop or extracted (the first that works here)",
  },
  "ready-file": { type: "string", value: "FILE", help: "made when this agent has a session, removed when it stops" },
  force: { type: "boolean", value: "", help: "leave: also when the control plane cannot be told" },
  timeout: { type: "string", value: "SECONDS", help: "leave: time for containers to stop in (120)" },
  "log-level": { type: "string", value: "LEVEL", help: "debug, info, warn or error (info)" },
  version: { type: "boolean", value: "", help: "show the version" },
  help: { type: "boolean", value: "", help: "show this text" },
};

export const flagNames = flagOptions(flags);

export function flagHelp(): string {
  return `orch-node-agent: runs a cluster's containers on this machine.

Usage: orch-node-agent join --server HOST:7444 --token TOKEN [FLAGS]
       orch-node-agent run [FLAGS]
       orch-node-agent leave [--force] [FLAGS]

\`join\` keeps name and key of a machine that comes back. \`leave\` stops its containers, takes its Node out of the cluster and
removes everything of it from this machine.

${flagLines(flags)}`;
}
