/** Which key a node's name belongs to, so that a second machine cannot take a name that is in use. */
import { Problem } from "#proto/kit/problem.ts";
import { nodeIdentityKey } from "../store/keyspace.ts";
import type { Kv } from "../store/kv.ts";

interface Identity {
  /** sha256 of the public keys, newest first: a renewal with a fresh key keeps the one before until it is used. */
  readonly keyDigests: readonly string[];
  /** Its Node was seen: should it be gone, somebody deleted it. */
  readonly hasRegistered?: boolean;
}

export interface Standing {
  readonly refusal: Problem | undefined;
  readonly wasDeleted: boolean;
}

export class NodeIdentities {
  readonly #kv: Kv;
  readonly #nodeExists: (name: string, signal?: AbortSignal) => Promise<boolean>;

  constructor(kv: Kv, nodeExists: (name: string, signal?: AbortSignal) => Promise<boolean>) {
    this.#kv = kv;
    this.#nodeExists = nodeExists;
  }

  /** Refuses (`already-exists`) a name whose Node exists and belongs to another key. */
  async assertFree(node: string, keyDigest: string, signal?: AbortSignal): Promise<void> {
    const { identity } = await this.#read(node, signal);
    if (!identity || identity.keyDigests.includes(keyDigest)) return;
    if (await this.#nodeExists(node, signal)) throw taken(node);
  }

  /** Binds the name to this key alone: after a join. */
  async bind(node: string, keyDigest: string, signal?: AbortSignal): Promise<void> {
    await this.#update(
      node,
      async (known) => {
        const exists = known !== undefined && (await this.#nodeExists(node, signal));
        if (exists && !known.keyDigests.includes(keyDigest)) throw taken(node);
        const isBound = known?.keyDigests[0] === keyDigest && known.keyDigests.length === 1;
        // Of a deleted node too: joining again makes it a new one.
        return isBound && known.hasRegistered === exists
          ? undefined
          : { keyDigests: [keyDigest], hasRegistered: exists };
      },
      signal,
    );
  }

  /** A renewal from `current` to `next`; throws `forbidden` when the name no longer belongs to `current`. */
  async renew(node: string, current: string, next: string, signal?: AbortSignal): Promise<void> {
    await this.#update(
      node,
      async (known) => {
        if (!known) throw unknown(node);
        if (!known.keyDigests.includes(current)) throw lost(node);
        if (known.hasRegistered && !(await this.#nodeExists(node, signal))) throw deleted(node);
        return current === next ? undefined : { ...known, keyDigests: [next, current] };
      },
      signal,
    );
  }

  /** Whether the key still stands for the node; if not, why, and whether because somebody deleted its Node. */
  async standing(node: string, keyDigest: string, signal?: AbortSignal): Promise<Standing> {
    const { identity } = await this.#read(node, signal);
    if (!identity) return { refusal: unknown(node), wasDeleted: false };
    if (!identity.keyDigests.includes(keyDigest)) return { refusal: lost(node), wasDeleted: false };
    const wasDeleted = identity.hasRegistered === true && !(await this.#nodeExists(node, signal));
    return { refusal: wasDeleted ? deleted(node) : undefined, wasDeleted };
  }

  /** Its Node is there: from now on a missing Node means that it was deleted. */
  async registered(node: string, signal?: AbortSignal): Promise<void> {
    await this.#update(
      node,
      async (known) => (known && !known.hasRegistered ? { ...known, hasRegistered: true } : undefined),
      signal,
    );
  }

  /** The name belongs to nobody any more. Nothing happens when it belongs to another key. */
  async release(node: string, keyDigest: string, signal?: AbortSignal): Promise<void> {
    const { identity, modRevision } = await this.#read(node, signal);
    if (!identity?.keyDigests.includes(keyDigest)) return;
    await this.#kv.transact([{ kind: "delete", key: nodeIdentityKey(node), guard: modRevision }], undefined, signal);
  }

  async #read(
    node: string,
    signal?: AbortSignal,
  ): Promise<{ readonly identity: Identity | undefined; readonly modRevision: number }> {
    const { item } = await this.#kv.get(nodeIdentityKey(node), signal);
    if (!item) return { identity: undefined, modRevision: 0 };
    const identity = JSON.parse(Buffer.from(item.value).toString("utf8")) as Identity;
    return { identity, modRevision: item.modRevision };
  }

  async #update(
    node: string,
    change: (known: Identity | undefined) => Promise<Identity | undefined>,
    signal?: AbortSignal,
  ): Promise<void> {
    for (let attempt = 0; attempt < 10; attempt++) {
      const { identity, modRevision } = await this.#read(node, signal);
      const next = await change(identity);
      if (!next) return;
      const value = Buffer.from(JSON.stringify(next));
      const write = { kind: "put", key: nodeIdentityKey(node), value, guard: modRevision } as const;
      if ((await this.#kv.transact([write], undefined, signal)).outcomes[0]?.ok) return;
    }
    throw new Problem("conflict", `the identity of node ${node} changes too often; try again`, { retry: "later" });
  }
}

function taken(node: string): Problem {
  return new Problem("already-exists", `a node named ${node} is already in the cluster, with another key`, {
    object: `Node ${node}`,
    hint: `Choose another --name; or, if that machine is gone or was set up anew, run \`orchctl delete node ${node}\` first.`,
  });
}

function deleted(node: string): Problem {
  return new Problem(
    "forbidden",
    `the node ${node} was deleted from the cluster; its certificate is no good any more`,
    {
      object: `Node ${node}`,
      hint: "To have this machine back, join it again with a new token: `orchctl node join`.",
    },
  );
}

function unknown(node: string): Problem {
  return new Problem("forbidden", `no machine has joined as ${node}, or it has left since`, {
    object: `Node ${node}`,
    hint: "Join this machine with a token: `orchctl node join`.",
  });
}

function lost(node: string): Problem {
  return new Problem("forbidden", `the name ${node} now belongs to another machine's key`, {
    object: `Node ${node}`,
    hint: "Join this machine again, under another name.",
  });
}
