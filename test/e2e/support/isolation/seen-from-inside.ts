/** What a container sees of its confinement: a script for its shell, and its output as comparable facts. */

/** Each line is a word that says what it is about, then what was seen. Needs busybox and nothing else. */
export const probeScript = `
for f in CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs Seccomp Umask; do echo "status $f $(grep "^$f:" /proc/self/status | cut -f2)"; done
for n in cgroup ipc mnt net pid user uts; do echo "namespace $n $(readlink /proc/self/ns/$n)"; done
sed 's/^/mount /' /proc/self/mountinfo
sed 1d /proc/self/limits | sed 's/^/limit /'
env | sed 's/^/env /'
echo "identity $(id)"
sed 's/^/hosts /' /etc/hosts
sed 's/^/resolv /' /etc/resolv.conf
echo "hostname $(hostname)"
echo "hostname-file $(cat /etc/hostname)"
echo "address $(ip -4 -o address show eth0 2>/dev/null | sed 's#.*inet ##; s#/.*##')"
ls -l /dev | sed 1d | sed 's/^/device /'
echo "cwd $(pwd)"
echo "oom-score $(cat /proc/self/oom_score_adj)"
echo "own-cgroup $(cut -d: -f3 /proc/self/cgroup | sort -u | head -1)"
echo "pids-limit $(cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null)"
(ls /proc/1/fd >/tmp/fds)
sed 's/^/open-file /' /tmp/fds
echo "user-map $(tr -s ' ' </proc/self/uid_map)"
for s in net/ipv4/ping_group_range net/ipv4/ip_unprivileged_port_start net/ipv4/ip_forward kernel/shm_rmid_forced net/core/somaxconn; do echo "kernel $s $(cat /proc/sys/$s)"; done
try() { what=$1; shift; if "$@" >/tmp/tried 2>&1 </dev/null; then echo "may $what yes"; else echo "may $what no"; fi; }
try mount-a-file-system mount -t tmpfs none /mnt
try make-a-user-namespace unshare -U true
try make-a-network-namespace unshare -n true
try read-the-kernel-log dmesg
try change-the-host-name hostname other
try set-the-clock date -s @1
try load-a-module modprobe dummy
try change-its-root chroot / true
try give-a-file-away chown 1:1 /tmp/tried
try open-a-raw-socket ping -c 1 -W 1 127.0.0.1
try make-a-device-node mknod /tmp/fuse c 10 229
try open-another-device cat /tmp/fuse
for p in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /proc/irq/default_smp_affinity /sys/kernel/uevent_helper; do echo "may write-$p $( (echo x >$p) 2>/dev/null && echo yes || echo no)"; done
for p in /proc/kcore /proc/keys /proc/timer_list /proc/interrupts /proc/sched_debug /proc/latency_stats; do echo "reads $p $(head -c 1 $p 2>/dev/null | wc -c)"; done
`;

/** From what a fact is about to what was seen: the same words on both sides mean the same. */
export type Facts = ReadonlyMap<string, string>;

/** `hostNamespaces`: /proc/self/ns of whoever runs the container, by kind. */
export function factsOf(output: string, hostNamespaces: Readonly<Record<string, string>>): Facts {
  const hostname = /^hostname (.*)$/m.exec(output)?.[1] ?? "";
  const address = /^address (.*)$/m.exec(output)?.[1] ?? "";
  const facts = new Map<string, string>();
  const common = (text: string): string =>
    text.replaceAll(hostname || "\n", "HOSTNAME").replaceAll(address || "\n", "ADDRESS");
  for (const line of output.split("\n")) {
    const [topic = "", ...rest] = line.split(" ");
    const text = rest.join(" ");
    for (const [name, value] of factsOfLine(topic, text, hostNamespaces)) facts.set(common(name), common(value));
  }
  return facts;
}

type Fact = readonly [string, string];

function factsOfLine(topic: string, text: string, hostNamespaces: Readonly<Record<string, string>>): readonly Fact[] {
  const [first = "", ...others] = text.split(" ");
  const rest = others.join(" ");
  switch (topic) {
    case "":
    case "address":
      return [];
    case "namespace":
      return [[`namespace ${first}`, rest === hostNamespaces[first] ? "the host's" : "own"]];
    case "mount":
      return [mountFact(text)];
    case "limit":
      return [limitFact(text)];
    case "device":
      return deviceFact(text);
    case "env":
      return [[`env ${text.split("=")[0]}`, text.slice(text.indexOf("=") + 1)]];
    case "hosts":
    case "resolv":
      return [[`${topic} ${text.split(/\s+/)[0]} ${text.split(/\s+/)[1] ?? ""}`, text.split(/\s+/).join(" ")]];
    case "status":
    case "kernel":
    case "may":
    case "reads":
    case "open-file":
      return [[`${topic} ${first}`, rest.trim()]];
    default:
      return [[topic, text.trim()]];
  }
}

/** proc_pid_mountinfo(5). What shows only where files lie on the host is left out. */
function mountFact(line: string): Fact {
  const [before = "", after = ""] = line.split(" - ");
  const [, , , root = "", path = "", options = ""] = before.split(" ");
  const [type = ""] = after.split(" ");
  const kept = options
    .split(",")
    .filter((option) => option !== "relatime")
    .toSorted()
    .join(",");
  if (path === "/") return ["mount /", kept];
  if (path.startsWith("/etc/")) return [`mount ${path}`, kept];
  const what = root === "/null" ? "the null device" : type;
  return [`mount ${path}`, `${what} ${kept}`];
}

/** `Max open files            1024                 20000                files` */
function limitFact(line: string): Fact {
  const [name = "", soft = "", hard = ""] = line.split(/\s{2,}/);
  return [`limit ${name}`, `${soft} ${hard}`];
}

/** A line of `ls -l`: devices by mode and numbers, links by what they name. */
function deviceFact(line: string): readonly Fact[] {
  const words = line.split(/\s+/);
  const [mode = ""] = words;
  if (mode.startsWith("l")) return [[`device ${words.at(-3)}`, `-> ${words.at(-1)}`]];
  const numbers = /^[bc]/.test(mode) ? ` ${words[4]}${words[5]}` : "";
  return [[`device ${words.at(-1)}`, `${mode}${numbers}`]];
}
