/** The port to container logs: k8s-file format, kept below logs/POD_UID/CONTAINER/ATTEMPT.log, rotated by the agent. */
import type { PodName } from "./gone-logs.ts";

export interface LogQuery {
  readonly podUid: string;
  readonly container: string;
  readonly attempt: number;
  readonly follow: boolean;
  /** Only lines newer than this wall-clock instant. */
  readonly sinceMs?: number;
  /** undefined = all. */
  readonly tailLines?: number;
  readonly timestamps: boolean;
  readonly limitBytes?: number;
}

export interface GoneQuery extends Omit<LogQuery, "podUid" | "attempt" | "follow" | "container"> {
  readonly namespace: string;
  readonly pod: string;
  /** Empty: the pod's first. */
  readonly container: string;
  readonly previous: boolean;
}

/** Each chunk is valid until the next is asked for: its memory is used again. */
export type LogChunks = AsyncIterable<Buffer>;

export interface ContainerLogs {
  pathFor(podUid: string, container: string, attempt: number): string;
  /** Bytes as the container wrote them (stdout and stderr in order), across rotated files; follows until the container ends. */
  read(query: LogQuery, signal: AbortSignal): LogChunks;
  /** Tells followers that no more will come. */
  ended(podUid: string, container: string, attempt: number): void;
  /** Keeps the newest `keep` attempts of a container, removes older ones. */
  prune(podUid: string, container: string, keep: number): Promise<void>;
  /** With the pod's name its logs stay readable for a while, by `readGone`. */
  remove(podUid: string, pod?: PodName): Promise<void>;
  /** Of a pod that was removed. Problem `not-found` when nothing of it is kept here. */
  readGone(query: GoneQuery, signal: AbortSignal): Promise<{ readonly goneAtMs: number; readonly log: LogChunks }>;
  list(): Promise<readonly string[]>; // pod uids
}
