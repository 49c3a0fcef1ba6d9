/** What people may ask of a container on its node: carried as JSON in the opening of a stream of kind `container`; answers are JSON too. */
import { Problem } from "../kit/problem.ts";

export type ContainerRequest =
  /** To the container's first process. */
  | { readonly verb: "signal"; readonly signal: string }
  /** A `ContainerDetails` for the container; all of the pod's when none was named. */
  | { readonly verb: "inspect"; readonly size?: boolean }
  /** Lines of `ChangedPath`. */
  | { readonly verb: "changes" }
  /** A `ProcessDetails` for each process; of all the pod's containers when none was named. */
  | { readonly verb: "processes" };

export type ContainerVerb = ContainerRequest["verb"];

/** What it takes to be allowed to: whoever may run commands in a container may signal it; command lines are told like output. */
export const containerAccess = {
  signal: { verb: "create", subresource: "exec" },
  inspect: { verb: "get", subresource: "" },
  changes: { verb: "get", subresource: "log" },
  processes: { verb: "get", subresource: "log" },
} as const satisfies Readonly<Record<ContainerVerb, { readonly verb: string; readonly subresource: string }>>;

/** Those that may be asked of all containers of a pod at once. */
export const isOfWholePods = (verb: ContainerVerb): boolean => verb === "inspect" || verb === "processes";

const maxBytes = 4096;

/** Checked as hostile input. Problem `bad-request`. */
export function readContainerRequest(bytes: Uint8Array | null | undefined): ContainerRequest {
  const json = parse(bytes ?? new Uint8Array());
  switch (json.verb) {
    case "inspect":
      return { verb: "inspect", size: json.size === true };
    case "changes":
    case "processes":
      return { verb: json.verb };
    case "signal":
      if (typeof json.signal !== "string" || !/^[A-Za-z0-9+-]{1,16}$/.test(json.signal))
        throw bad("the request's signal is missing");
      return { verb: "signal", signal: json.signal };
    default:
      throw bad(`"${String(json.verb).slice(0, 40)}" is nothing that can be asked of a container`);
  }
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = bytes.length > maxBytes ? undefined : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw bad("the request is not JSON");
  }
  if (typeof value !== "object" || value === null) throw bad("the request is no object");
  return value as Readonly<Record<string, unknown>>;
}

const bad = (message: string): Problem => new Problem("bad-request", message);

/** A container as its node knows it. Values of its environment are left out: they may be secret. */
export interface ContainerDetails {
  readonly name: string;
  readonly state: {
    readonly status: "created" | "running" | "paused" | "exited" | "waiting";
    readonly running: boolean;
    readonly paused: boolean;
    readonly pid?: number;
    readonly exitCode?: number;
    readonly oomKilled: boolean;
    readonly startedAt?: string;
    readonly finishedAt?: string;
  };
  readonly restartCount: number;
  readonly attempt: number;
  readonly id?: string;
  readonly image?: { readonly reference: string; readonly digest: string };
  readonly rootfs?: RootfsDetails;
  readonly logPath?: string;
  readonly runtime?: RuntimeDetails;
}

export interface RootfsDetails {
  /** Where the root is mounted on the node. */
  readonly merged: string;
  /** The writable layer. */
  readonly upper: string;
  /** DiffIDs, the base first. */
  readonly layers: readonly string[];
  /** Where layers are mounted on the node, the base first; those that another hides are left out. */
  readonly layerPaths: readonly string[];
  /** Of what it has written, as it lies on the disk: when it was asked for. */
  readonly sizeBytes?: number;
}

export interface RuntimeDetails {
  readonly name: string;
  readonly version: string;
  readonly bundle: string;
  /** Below each hierarchy's root. */
  readonly cgroup: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly gid: number; readonly additionalGids: readonly number[] };
  /** Names alone. */
  readonly env: readonly string[];
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
  readonly readOnlyRoot: boolean;
  readonly seccomp: boolean;
  readonly namespaces: readonly { readonly type: string; readonly path?: string }[];
  readonly mounts: readonly {
    readonly source: string;
    readonly destination: string;
    readonly type: string;
    readonly options: readonly string[];
  }[];
  readonly resources: unknown;
}

export interface ProcessDetails {
  readonly container: string;
  /** As the container's processes see it. */
  readonly pid: number;
  readonly parentPid: number;
  readonly hostPid: number;
  readonly uid: number;
  /** A letter as of proc(5): R, S, D, T, Z. */
  readonly state: string;
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly startedAt: string;
  readonly command: string;
}

/** A path of the writable layer against the image: added, changed, deleted. */
export interface ChangedPath {
  readonly kind: "A" | "C" | "D";
  readonly path: string;
}
