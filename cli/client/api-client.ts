/** The API in terms of objects: JSON in and out, one method a verb. */
import type { RpcCaller } from "#proto/kit/rpc/caller.ts";
import { decodeProblem } from "#proto/kit/rpc/problem-wire.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { apiService } from "#proto/wire/generated/services/cluster.ts";

export interface WriteQuery {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly validation?: "strict" | "warn" | "ignore";
}

export interface WriteAnswer {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
  readonly outcome: string;
}

export interface WatchAnswer {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: KubeObject;
  readonly resourceVersion: string;
}

export type PatchType = "apply" | "merge" | "strategic" | "json";

export interface ListQuery {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

const pageSize = 500;
const utf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
const toObject = (bytes: Uint8Array): KubeObject => JSON.parse(utf8(bytes)) as KubeObject;
const toBytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

export class ApiClient {
  readonly rpc: RpcCaller;
  readonly #signal: AbortSignal;

  constructor(rpc: RpcCaller, signal: AbortSignal) {
    this.rpc = rpc;
    this.#signal = signal;
  }

  async get(resource: string, namespace: string, name: string, subresource = ""): Promise<KubeObject> {
    const asked = { resource, namespace, name, subresource };
    const reply = await this.rpc.unary(apiService.get, asked, { signal: this.#signal });
    return toObject(reply.object);
  }

  /** All pages, in order. */
  async list(
    resource: string,
    query: ListQuery = {},
  ): Promise<{ readonly items: readonly KubeObject[]; readonly resourceVersion: string }> {
    const items: KubeObject[] = [];
    let page = { continue: "", resourceVersion: "" };
    do {
      const reply = await this.rpc.unary(
        apiService.list,
        { resource, ...query, limit: pageSize, continue: page.continue },
        { signal: this.#signal },
      );
      for (const bytes of reply.items) items.push(toObject(bytes));
      page = { continue: reply.continue, resourceVersion: reply.resourceVersion };
    } while (page.continue !== "");
    return { items, resourceVersion: page.resourceVersion };
  }

  async *watch(
    resource: string,
    query: ListQuery & { readonly name?: string; readonly resourceVersion?: string },
    signal: AbortSignal = this.#signal,
  ): AsyncGenerator<WatchAnswer, void, undefined> {
    for await (const event of this.rpc.serverStream(
      apiService.watch,
      { resource, ...query, bookmarks: true },
      { signal },
    )) {
      if (event.type === "ERROR") throw decodeProblem(event.object);
      const type = event.type as WatchAnswer["type"];
      const object =
        event.object.length > 0 ? toObject(event.object) : { apiVersion: "", kind: "", metadata: { name: "" } };
      yield { type, object, resourceVersion: event.resourceVersion };
    }
  }

  async create(
    resource: string,
    namespace: string,
    object: KubeObject,
    options: WriteQuery = {},
  ): Promise<WriteAnswer> {
    const reply = await this.rpc.unary(
      apiService.create,
      { resource, namespace, object: toBytes(object), options },
      { signal: this.#signal },
    );
    return { object: toObject(reply.object), warnings: reply.warnings, outcome: reply.outcome };
  }

  /** As `eviction` of a pod. */
  async createSubresource(
    target: {
      readonly resource: string;
      readonly namespace: string;
      readonly name: string;
      readonly subresource: string;
    },
    object: KubeObject,
  ): Promise<void> {
    await this.rpc.unary(
      apiService.create,
      { ...target, object: toBytes(object), options: {} },
      { signal: this.#signal },
    );
  }

  async update(
    target: {
      readonly resource: string;
      readonly namespace: string;
      readonly name: string;
      readonly subresource?: string;
    },
    object: KubeObject,
    options: WriteQuery = {},
  ): Promise<WriteAnswer> {
    const reply = await this.rpc.unary(
      apiService.update,
      { ...target, object: toBytes(object), options },
      { signal: this.#signal },
    );
    return { object: toObject(reply.object), warnings: reply.warnings, outcome: reply.outcome };
  }

  async patch(
    target: {
      readonly resource: string;
      readonly namespace: string;
      readonly name: string;
      readonly subresource?: string;
    },
    patch: { readonly type: PatchType; readonly body: unknown; readonly force?: boolean },
    options: WriteQuery = {},
  ): Promise<WriteAnswer> {
    const request = { ...target, type: patch.type, patch: toBytes(patch.body), force: patch.force ?? false, options };
    const reply = await this.rpc.unary(apiService.patch, request, { signal: this.#signal });
    return { object: toObject(reply.object), warnings: reply.warnings, outcome: reply.outcome };
  }

  async delete(request: {
    readonly resource: string;
    readonly namespace: string;
    readonly name: string;
    readonly propagation?: string;
    /** undefined = the object's own. */
    readonly graceSeconds?: number | undefined;
    readonly dryRun?: boolean;
    readonly preconditionUid?: string;
    readonly preconditionResourceVersion?: string;
  }): Promise<KubeObject | undefined> {
    const reply = await this.rpc.unary(
      apiService.delete,
      { ...request, graceSeconds: request.graceSeconds ?? -1 },
      { signal: this.#signal },
    );
    return reply.object.length > 0 ? toObject(reply.object) : undefined;
  }
}
