/** Reading objects: all that `get` needs, over whatever can make a unary call. */
import type { MethodDefinition } from "@grpc/grpc-js";
import type { Sendable } from "#proto/kit/rpc/sendable.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { apiService } from "#proto/wire/generated/services.ts";

export interface UnaryCaller {
  unary<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<Request>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Reply>;
}

export interface ListQuery {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

const pageSize = 500;
const utf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
export const toObject = (bytes: Uint8Array): KubeObject => JSON.parse(utf8(bytes)) as KubeObject;

export class ObjectReader {
  readonly #caller: UnaryCaller;
  readonly #until: AbortSignal;

  constructor(caller: UnaryCaller, signal: AbortSignal) {
    this.#caller = caller;
    this.#until = signal;
  }

  async get(resource: string, namespace: string, name: string): Promise<KubeObject> {
    const reply = await this.#caller.unary(apiService.get, { resource, namespace, name }, { signal: this.#until });
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
      const reply = await this.#caller.unary(
        apiService.list,
        { resource, ...query, limit: pageSize, continue: page.continue },
        { signal: this.#until },
      );
      for (const bytes of reply.items) items.push(toObject(bytes));
      page = { continue: reply.continue, resourceVersion: reply.resourceVersion };
    } while (page.continue !== "");
    return { items, resourceVersion: page.resourceVersion };
  }
}
