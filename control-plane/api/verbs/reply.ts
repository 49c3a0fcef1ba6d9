/** What verbs answer, before it is put on the wire. */
import type { KubeObject } from "#proto/resources/object.ts";

export interface ReadReply {
  readonly object: KubeObject;
}

export interface WriteReply {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
  readonly outcome: "created" | "configured" | "unchanged";
}
