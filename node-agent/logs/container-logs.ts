/** The port to container logs: k8s-file format, kept below logs/POD_UID/CONTAINER/ATTEMPT.log, rotated by the agent. */
import type { Readable } from "node:stream";

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

export interface ContainerLogs {
  pathFor(podUid: string, container: string, attempt: number): string;
  /** Bytes as the container wrote them (stdout and stderr in order), across rotated files; follows until the container ends. */
  read(query: LogQuery, signal: AbortSignal): Readable;
  /** Tells followers that no more will come. */
  ended(podUid: string, container: string, attempt: number): void;
  /** Keeps the newest `keep` attempts of a container, removes older ones. */
  prune(podUid: string, container: string, keep: number): Promise<void>;
  remove(podUid: string): Promise<void>;
  list(): Promise<readonly string[]>; // pod uids
}
