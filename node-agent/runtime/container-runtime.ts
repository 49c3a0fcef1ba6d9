/** The ports to sandboxes (a pod's namespaces) and containers. `crun` through conmon implements the second; a scripted fake too. */
import type { Duplex, Readable } from "node:stream";
import type { RuntimeDetails } from "#proto/resources/container-request.ts";
import type { PodSecurityContext, PodSpec, ResourceRequirements, SecurityContext } from "#proto/resources/pod.ts";
import type { Ulimit } from "#proto/resources/ulimits.ts";
import type { ImageConfig } from "../images/image-store.ts";

export interface SandboxSpec {
  readonly podUid: string;
  readonly podNamespace: string;
  readonly podName: string;
  readonly hostname: string;
  readonly hostNetwork: boolean;
  readonly hostPid: boolean;
  readonly hostIpc: boolean;
  readonly sysctls: Readonly<Record<string, string>>;
  /** True: a user namespace owns the pod's others, and its root is nobody on the node. */
  readonly ownUsers?: boolean;
  /** For the pod as a whole; its containers have theirs below. */
  readonly pod?: PodSpec;
}

export interface SandboxUsers {
  readonly namespace: string;
  readonly first: number;
  readonly count: number;
}

export interface Sandbox {
  readonly podUid: string;
  /** Pinned namespace files; the host's own /proc/self/ns/… where the pod shares the host's. */
  readonly namespaces: { readonly network: string; readonly ipc: string; readonly uts: string };
  /** The pod's user namespace, as a pinned file, and what is user 0 in it; undefined: the node's. */
  readonly users?: SandboxUsers | undefined;
  /** cgroup of the pod, relative to each controller's root: /orch/NODE/pods/UID. */
  readonly cgroup: string;
  /** Directory under /run/orch for what belongs to the pod: etc files, sockets. */
  readonly directory: string;
}

/** What the pod's containers see in /etc/hosts and /etc/resolv.conf. */
export interface SandboxNames {
  /** The pod's own, without prefix length; empty for pods on the host's network. */
  readonly addresses: readonly string[];
  /** Of those addresses, the full name first. */
  readonly hostnames?: readonly string[];
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames: readonly string[] }[];
  /** Empty: the node's own servers. */
  readonly nameservers: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly string[];
}

export interface SandboxRuntime {
  /** Idempotent per podUid. */
  create(spec: SandboxSpec): Promise<Sandbox>;
  /** Call after the network's `attach` and before containers are made. Running containers see later changes. Idempotent. */
  writeNames(podUid: string, names: SandboxNames): Promise<void>;
  find(podUid: string): Promise<Sandbox | undefined>;
  list(): Promise<readonly Sandbox[]>;
  /** Removes namespaces, cgroups and directory. Kills what still runs in its cgroups. Idempotent. */
  remove(podUid: string): Promise<void>;
}

export interface Mount {
  readonly source: string;
  readonly destination: string;
  readonly readOnly: boolean;
  readonly propagation?: "private" | "rslave" | "rshared";
  /** A device of the node, which the container may open: to read only, where the mount is. */
  readonly isDevice?: boolean;
}

export interface ContainerSpec {
  /** Unique on the node for ever: POD_UID (dashes removed) + "_" + name + "_" + attempt. Unpacked by `parseContainerId`. */
  readonly id: string;
  readonly podUid: string;
  readonly podNamespace: string;
  readonly podName: string;
  readonly name: string;
  readonly attempt: number;
  readonly sandbox: Sandbox;
  readonly rootfs: string;
  readonly image: ImageConfig;
  /** Kubernetes' command and args: they replace the image's entrypoint and command as there. */
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  readonly workingDirectory: string | undefined;
  /** Fully resolved; wins over the image's. */
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  /** Where a file for its last words appears; none when empty. */
  readonly terminationMessagePath?: string;
  readonly resources: ResourceRequirements | undefined;
  /** Of the whole pod; absent: as if it had only this container. */
  readonly qosClass?: "Guaranteed" | "Burstable" | "BestEffort";
  readonly podSecurity: PodSecurityContext | undefined;
  readonly security: SecurityContext | undefined;
  /** Absent: none asked for. */
  readonly ulimits?: readonly Ulimit[];
  /** Its share of the memory that is requested for the pod as a whole, beyond what containers request. */
  readonly sharedMemoryRequestBytes?: number;
  /** The old way to name an AppArmor profile. */
  readonly appArmorAnnotation?: string | undefined;
  readonly hostPid: boolean;
  /** The pod's, or another container's, as a file; absent: one of its own. */
  readonly pidNamespace?: string;
  /** An init process first, which runs the command: unless the command is one itself, or the processes are the host's. */
  readonly init: boolean;
  readonly terminal: boolean;
  readonly stdin: boolean;
  /** Standard input ends with the first who attaches to it. */
  readonly stdinOnce: boolean;
  /** Absolute path of the log file (k8s-file format). */
  readonly logPath: string;
}

export type ContainerState = "created" | "running" | "exited";

export interface ContainerObservation {
  readonly id: string;
  readonly state: ContainerState;
  readonly pid: number | undefined;
  readonly exitCode: number | undefined;
  readonly signal: number | undefined;
  readonly oomKilled: boolean;
  /** Its processes are frozen: absent = no. */
  readonly paused?: boolean;
  /** What an exited container left in its termination message file. */
  readonly message?: string;
  /** Wall clock of this machine. */
  readonly startedAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
}

export interface CreatedContainer extends ContainerObservation {
  /** What was asked for and cannot be had on this node, in sentences; it was made all the same. */
  readonly notes?: readonly string[];
}

export interface ExecOptions {
  readonly command: readonly string[];
  readonly stdin: boolean;
  /** Both output streams are one then, and standard input is always there. */
  readonly terminal: boolean;
  /** Of the terminal at the start. */
  readonly size?: { readonly rows: number; readonly columns: number } | undefined;
}

export interface ExecSession {
  /** Writable side = stdin; ending it is EOF for the process. Readable side = stdout (both streams with a terminal). */
  readonly stdio: Duplex;
  readonly stderr: Readable;
  resize(rows: number, columns: number): void;
  /** Resolves with the exit code (128 + n for signal n). */
  readonly exitCode: Promise<number>;
  kill(): void;
}

export interface OutputPart {
  readonly stream: "out" | "err";
  readonly bytes: Buffer;
}

/** What a container was made with. */
export interface ContainerStreams {
  /** Both outputs are one then, and what is written is typed. */
  readonly terminal: boolean;
  /** Without it what is written is dropped. */
  readonly stdin: boolean;
}

/** The streams of a container's own process from the moment of attaching. */
export interface AttachSession {
  /** The next output, all that has come of one stream; undefined when the container has ended. One caller at a time, who keeps reading. */
  read(): Promise<OutputPart | undefined>;
  /** Resolves when more may be written: one caller at a time, who waits for it. */
  write(bytes: Uint8Array): Promise<void>;
  /** End of file for the process, unless its input stays open for whoever attaches next. On a terminal it types Ctrl-D. */
  endInput(): void;
  resize(rows: number, columns: number): Promise<void>;
  close(): void;
}

/** The kernel killed processes of a container for want of memory. */
export interface MemoryKill {
  readonly id: string;
  /** Since it was last told. */
  readonly processes: number;
}

export interface ContainerRuntime {
  readonly name: "crun" | "runc" | "fake";
  readonly version: string;
  /** Makes the bundle and the container, not yet running. Problem `invalid` when the spec cannot be (unknown user …). */
  create(spec: ContainerSpec, signal: AbortSignal): Promise<CreatedContainer>;
  start(id: string): Promise<ContainerObservation>;
  /** Signal to the container's first process, by number. Fine when it has gone. */
  kill(id: string, signal: number): Promise<void>;
  /** Freezes every process of a running container; SIGKILL ends it all the same. Problem `unsupported` on a host without freezer. Idempotent. */
  pause(id: string): Promise<ContainerObservation>;
  /** Idempotent. */
  resume(id: string): Promise<ContainerObservation>;
  /** Removes an exited or created container with bundle and cgroup (kills what is left in it). Idempotent. */
  remove(id: string): Promise<void>;
  /** What exists here, running or exited and not yet removed: also what a predecessor started. */
  list(): Promise<readonly ContainerObservation[]>;
  inspect(id: string): Promise<ContainerObservation | undefined>;
  /** What it was made with; undefined when it is not there. */
  describe(id: string): Promise<RuntimeDetails | undefined>;
  /** Pids on this host of all that runs in it. */
  processes(id: string): Promise<ReadonlySet<number>>;
  /** Called with the id when a container has exited, or may have (at least once). Event driven, no polling. */
  onExit(handler: (id: string) => void): () => void;
  /** Called when the kernel killed processes of a container for memory, and the container goes on. Event driven. */
  onMemoryKill(handler: (kill: MemoryKill) => void): () => void;
  /**
   * The pid namespace that the pod's containers share, as a file, and the process that it hangs on: when that ends, all in it end, and the
   * next call makes both anew. Gone with the sandbox. Problem `unavailable` on a node without the program. Idempotent.
   */
  holdProcesses(sandbox: Sandbox): Promise<string>;
  exec(id: string, options: ExecOptions, signal: AbortSignal): Promise<ExecSession>;
  /** To a container that was created or runs. Problem `conflict` when it has ended. */
  attach(id: string, streams: ContainerStreams): Promise<AttachSession>;
  close(): Promise<void>;
}
