/**
 * Where a container of a pod is confined otherwise than by `docker run`, each with its reason. Whatever else differs is a mistake: the test
 * beside compares both from inside. The table stands in docs/isolation.md in these words.
 */

export interface Difference {
  /** Facts, by name. */
  readonly facts: RegExp;
  readonly what: string;
  readonly docker: string;
  readonly orch: string;
  readonly why: string;
  /** How the values have to be, where words above are not the values. */
  readonly values?: { readonly docker: RegExp; readonly orch: RegExp };
  /** It is no difference on every machine, or to every version of Docker. */
  readonly sometimes?: boolean;
}

const none = /^not there$/;

export const dockerDifferences: readonly Difference[] = [
  {
    facts: /^status Cap(Prm|Eff|Bnd)$/,
    what: "capabilities: permitted, effective, bounding",
    docker: "14",
    orch: "13: without NET_RAW",
    why: "level baseline; who has NET_RAW forges packets of other addresses",
    values: { docker: /^00000000a80425fb$/, orch: /^00000000a80405fb$/ },
  },
  {
    facts: /^may open-a-raw-socket$/,
    what: "raw sockets",
    docker: "yes",
    orch: "no",
    why: "as above; ping works by datagram sockets where the program knows them",
  },
  {
    facts: /^status NoNewPrivs$/,
    what: "no_new_privs",
    docker: "0",
    orch: "1",
    why: "setuid programs and file capabilities gain nothing, unless allowPrivilegeEscalation says so",
  },
  {
    facts: /^namespace cgroup$/,
    what: "cgroup namespace, with cgroup v1",
    docker: "the host's",
    orch: "own",
    why: "the names of other pods are nobody's business; with v2 both have their own",
    sometimes: true,
  },
  {
    facts: /^own-cgroup$/,
    what: "its own cgroup's path, with cgroup v1",
    docker: "/docker/ID",
    orch: "/",
    why: "follows from the namespace",
    values: { docker: /^\/docker\/\w+$/, orch: /^\/$/ },
    sometimes: true,
  },
  {
    facts: /^pids-limit$/,
    what: "most processes",
    docker: "max",
    orch: "4096",
    why: "a fork bomb stays in its container",
  },
  {
    facts: /^limit Max open files$/,
    what: "open files, soft and hard",
    docker: "the daemon's own",
    orch: "1024, and the agent's own hard limit up to 524288",
    why: "programs that close every descriptor they might have stall with millions; who needs more raises the soft limit",
    values: { docker: /^\d+ \d+$/, orch: /^1024 \d+$/ },
  },
  {
    facts: /^oom-score$/,
    what: "oom_score_adj",
    docker: "0",
    orch: "by quality of service: 1000 without requests",
    why: "the kernel ends first what was promised least",
    values: { docker: /^0$/, orch: /^1000$/ },
  },
  {
    facts: /^mount \/etc\/(hosts|hostname|resolv\.conf)$/,
    what: "mounts of /etc/hosts, /etc/hostname, /etc/resolv.conf",
    docker: "rw",
    orch: "nodev,noexec,nosuid,rw",
    why: "they are text; on a file system of 1 MiB of their own they cannot fill the node's",
  },
  {
    facts: /^mount \/proc\/(keys|timer_list|latency_stats|sched_debug|scsi|kcore|timer_stats)$/,
    what: "files of /proc that are masked",
    docker: "the null device of the container",
    orch: "the null device of the node, read-only",
    why: "an image's own /dev cannot stand in for the mask (CVE-2025-31133)",
    values: { docker: /^the null device nosuid,rw$/, orch: /^the null device ro$/ },
  },
  {
    facts: /^mount \/proc\/interrupts$/,
    what: "/proc/interrupts",
    docker: "readable",
    orch: "masked",
    why: "it tells what runs beside; newer Docker masks it too",
    values: { docker: none, orch: /^the null device ro$/ },
    sometimes: true,
  },
  {
    facts: /^reads \/proc\/interrupts$/,
    what: "bytes read of /proc/interrupts",
    docker: "1",
    orch: "0",
    why: "as above",
    sometimes: true,
  },
  {
    facts: /^mount \/sys\/devices\/virtual\/powercap$/,
    what: "/sys/devices/virtual/powercap",
    docker: "readable",
    orch: "masked",
    why: "power readings leak secrets of others; newer Docker masks it too",
    values: { docker: none, orch: /./ },
    sometimes: true,
  },
  {
    facts: /^mount \/proc\/(bus|fs|irq|sys|sysrq-trigger)$/,
    what: "read-only parts of /proc",
    docker: "proc nodev,noexec,nosuid,ro",
    orch: "proc ro",
    why: "crun's way; nothing in them can be executed or is a device",
  },
  {
    facts: /^mount \/dev\/termination-log$/,
    what: "/dev/termination-log",
    docker: "not there",
    orch: "a file of the pod's, for the container's last words",
    why: "what Kubernetes' programs expect; terminationMessagePath moves it",
    values: { docker: none, orch: /^tmpfs / },
  },
  {
    facts: /^device termination-log$/,
    what: "mode of /dev/termination-log",
    docker: "not there",
    orch: "-rw-rw-rw-",
    why: "as above; whoever the container runs as",
  },
  {
    facts: /^device core$/,
    what: "/dev/core",
    docker: "not there",
    orch: "-> /proc/kcore",
    why: "crun's way; what it names is masked",
  },
  {
    facts: /^(mount \/dev\/init|device init)$/,
    what: "/dev/init",
    docker: "not there",
    orch: "the init process, mounted read-only",
    why: "it reaps orphans and passes signals on; Docker has one with --init",
    values: { docker: none, orch: /^\S* ?nodev,nosuid,ro$|^-rwxr-xr-x$/ },
    sometimes: true,
  },
];
