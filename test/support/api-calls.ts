/** Short forms of API calls for tests: objects in and out instead of bytes. */
import type { CallOptions, RpcCaller } from "#proto/kit/rpc/caller.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { apiService } from "#proto/wire/generated/services.ts";

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const object = (bytes: Uint8Array): KubeObject => JSON.parse(Buffer.from(bytes).toString()) as KubeObject;

export interface Written {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
  readonly outcome: string;
}

const written = (reply: orch.v1.ObjectReply): Written => ({
  object: object(reply.object),
  warnings: reply.warnings,
  outcome: reply.outcome,
});

export interface WatchedEvent {
  readonly type: string;
  readonly object: KubeObject;
  readonly resourceVersion: string;
}

type Options = orch.v1.WriteOptions.$Properties;

export class ApiCalls {
  readonly client: RpcCaller;

  constructor(client: RpcCaller) {
    this.client = client;
  }

  async create(
    resource: string,
    body: unknown,
    more: Partial<orch.v1.CreateRequest.$Properties> = {},
  ): Promise<Written> {
    return written(await this.client.unary(apiService.create, { resource, object: json(body), ...more }));
  }

  async get(resource: string, namespace: string, name: string, subresource = ""): Promise<KubeObject> {
    return object((await this.client.unary(apiService.get, { resource, namespace, name, subresource })).object);
  }

  async update(
    resource: string,
    body: KubeObject,
    more: Partial<orch.v1.UpdateRequest.$Properties> = {},
  ): Promise<Written> {
    const { name, namespace = "" } = body.metadata;
    const request = { resource, namespace, name, object: json(body), ...more };
    return written(await this.client.unary(apiService.update, request));
  }

  async patch(
    address: { resource: string; namespace: string; name: string; subresource?: string },
    type: string,
    patch: unknown,
    more: { readonly force?: boolean; readonly options?: Options } = {},
  ): Promise<Written> {
    const request = { ...address, type, patch: json(patch), ...more };
    return written(await this.client.unary(apiService.patch, request));
  }

  apply(resource: string, body: KubeObject, fieldManager: string, force = false): Promise<Written> {
    const { name, namespace = "" } = body.metadata;
    return this.patch({ resource, namespace, name }, "apply", body, { force, options: { fieldManager } });
  }

  async list(resource: string, more: Partial<orch.v1.ListRequest.$Properties> = {}) {
    const reply = await this.client.unary(apiService.list, { resource, ...more });
    return { ...reply, items: reply.items.map(object), continue: reply.continue, remaining: reply.remaining };
  }

  async delete(
    resource: string,
    namespace: string,
    name: string,
    more: Partial<orch.v1.DeleteRequest.$Properties> = {},
  ): Promise<KubeObject> {
    const request = { resource, namespace, name, graceSeconds: -1, ...more };
    return object((await this.client.unary(apiService.delete, request)).object);
  }

  async *watch(
    resource: string,
    more: Partial<orch.v1.WatchRequest.$Properties>,
    options: CallOptions,
  ): AsyncGenerator<WatchedEvent, void, undefined> {
    for await (const event of this.client.serverStream(apiService.watch, { resource, ...more }, options)) {
      yield { type: event.type, object: object(event.object), resourceVersion: event.resourceVersion };
    }
  }
}
