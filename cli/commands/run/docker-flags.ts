/** The flags of `docker run`: those that mean something here, and those that do not, each with what to do instead. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { collect, parseCount, parseDuration } from "../../program-options.ts";

const pullPolicies: Readonly<Record<string, string>> = {
  always: "Always",
  missing: "IfNotPresent",
  never: "Never",
  ifnotpresent: "IfNotPresent",
};

const several = (flags: string, description: string): Option => new Option(flags, description).argParser(collect);

/** In the order of the help text. */
const known = (): readonly Option[] => [
  new Option("--entrypoint <program>", "instead of the image's entrypoint; the words are its arguments"),
  several("--env-file <file>", "lines of NAME=value; may repeat"),
  several("-v, --volume <mount>", "NODE-PATH:PATH[:ro], or PATH alone for an empty one; may repeat"),
  several("--mount <mount>", "type=bind|tmpfs|volume,source=…,target=…[,readonly]; may repeat"),
  several("--tmpfs <path>", "in memory, as /run or /run:size=64m; may repeat"),
  several("--device <device>", "of the node: /dev/fuse, or /dev/sda:/inside:r to read only; may repeat"),
  new Option("-w, --workdir <path>", "working directory"),
  new Option("-u, --user <uid[:gid]>", "user and group, by number"),
  several("--group-add <gid>", "one more group; may repeat"),
  new Option("-m, --memory <size>", "most memory it may use, as 512m or 2g"),
  new Option("--cpus <number>", "most processors it may use, as 1.5"),
  new Option("--hostname <name>", "host name inside"),
  new Option("--network <network>", "host takes the node's network").default(undefined),
  several("-p, --publish <port>", "with --network host: a port it listens on; may repeat"),
  new Option("--pid <namespace>", "host shares the node's processes"),
  new Option("--ipc <namespace>", "host shares the node's IPC"),
  several("--add-host <name:address>", "a line of /etc/hosts; may repeat"),
  several("--dns <address>", "name server instead of the cluster's; may repeat"),
  several("--dns-search <domain>", "where short names are looked up; may repeat"),
  several("--cap-add <capability>", "a capability more; may repeat"),
  several("--cap-drop <capability>", "a capability less, or ALL; may repeat"),
  new Option("--privileged", "no confinement, where the namespace allows it"),
  new Option("--read-only", "the root filesystem cannot be written"),
  several("--security-opt <option>", "no-new-privileges, seccomp=…, apparmor=…; may repeat"),
  several("--sysctl <name=value>", "kernel parameter of the pod; may repeat"),
  several("--ulimit <limit>", "as nofile=1024:65536 or core=0; may repeat"),
  new Option("--stop-signal <signal>", "instead of the image's"),
  new Option("--stop-timeout <seconds>", "between that signal and SIGKILL").argParser(parseCount(0)),
  new Option("--health-cmd <command>", "in a shell: ready while it succeeds"),
  new Option("--health-interval <duration>", "between two").argParser(parseDuration),
  new Option("--health-timeout <duration>", "of one").argParser(parseDuration),
  new Option("--health-retries <number>", "failures in a row that count").argParser(parseCount(1)),
  new Option("--health-start-period <duration>", "before the first").argParser(parseDuration),
  new Option("--node <name>", "which node; the scheduler chooses otherwise"),
  new Option("--pull <policy>", "when to fetch the image: always, missing, never").argParser((text) => {
    const policy = pullPolicies[text.toLowerCase()];
    if (policy === undefined) throw new InvalidArgumentError("use always, missing or never.");
    return policy;
  }),
];

/** Why, and what to do instead. `takesValue`: the word after it is its value. */
const refused: readonly { readonly flags: string; readonly why: string }[] = [
  { flags: "-P, --publish-all", why: "ports are not published yet: reach them with orchctl port-forward" },
  { flags: "--link <container>", why: "Docker gave links up; pods reach one another by address" },
  { flags: "--volumes-from <container>", why: "containers that share volumes belong in one pod: write a manifest" },
  { flags: "--volume-driver <driver>", why: "volumes with drivers are not built yet" },
  { flags: "--storage-opt <option>", why: "a limit of ephemeral-storage in a manifest does that" },
  { flags: "--gpus <which>", why: "ask for a resource that nodes offer, as example.com/gpu, in a manifest" },
  { flags: "--memory-swap <size>", why: "swap is not given out per container by flags; see docs/using.md" },
  { flags: "--memory-reservation <size>", why: "that is a request: write resources.requests.memory in a manifest" },
  { flags: "--cpu-shares <number>", why: "that is a request: write resources.requests.cpu in a manifest" },
  { flags: "--cpuset-cpus <cpus>", why: "containers are not bound to processors yet; --cpus limits them" },
  { flags: "--pids-limit <number>", why: "each pod may have 4096 processes; the nodes' agents set that" },
  { flags: "--shm-size <size>", why: "mount one: --tmpfs /dev/shm:size=256m" },
  { flags: "--oom-score-adj <number>", why: "it follows from requests and limits (QoS class)" },
  { flags: "--oom-kill-disable", why: "a container without memory must end; raise --memory" },
  { flags: "--userns <mode>", why: "write hostUsers in a manifest" },
  { flags: "--uts <mode>", why: "--network host takes the node's host name too" },
  { flags: "--cgroupns <mode>", why: "every container has a cgroup namespace of its own" },
  { flags: "--cgroup-parent <cgroup>", why: "the agent decides where containers live; see orchctl inspect" },
  { flags: "--ip <address>", why: "a pod's address is given by its node" },
  { flags: "--mac-address <address>", why: "a pod's address is given by its node" },
  { flags: "--network-alias <name>", why: "names of pods are not in DNS yet" },
  { flags: "--domainname <name>", why: "use subdomain in a manifest" },
  { flags: "--platform <platform>", why: "nodes take the image of their own platform; see --node" },
  { flags: "--runtime <runtime>", why: "runtime classes are not built yet" },
  { flags: "--isolation <technology>", why: "nodes run Linux" },
  { flags: "--log-driver <driver>", why: "the agent keeps logs: orchctl logs" },
  { flags: "--log-opt <option>", why: "the agent keeps and rotates logs: orchctl logs" },
  { flags: "--cidfile <file>", why: "use orchctl run -d, which prints the pod's name" },
];

/** Fine without effect: Orch does so anyway. */
const harmless: readonly string[] = ["--no-healthcheck", "--disable-content-trust", "-q, --quiet", "--init"];

export function addDockerFlags(command: Command): Command {
  for (const option of known()) command.addOption(option);
  for (const { flags, why } of refused) {
    const name = /--[a-z-]+/.exec(flags)?.[0] ?? flags;
    const option = new Option(flags).hideHelp();
    // commander reads a flag's value through this, and flags without one through the event.
    if (flags.includes("<"))
      option.argParser(() => {
        throw new InvalidArgumentError(`${name}: ${why}.`);
      });
    command.addOption(option);
    if (!flags.includes("<"))
      command.on(`option:${option.name()}`, () => {
        command.error(`error: ${name} cannot be given here: ${why}`);
      });
  }
  for (const flags of harmless) command.addOption(new Option(flags).hideHelp());
  return command;
}
