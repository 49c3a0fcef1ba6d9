/** Handlers of the verbs: fields of the wire in, bytes of objects out. */

import { Problem } from "#proto/kit/problem.ts";
import { bidi, type CallContext, type ServiceHandlers, serverStream, unary } from "#proto/kit/rpc/handlers.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { apiService } from "#proto/wire/generated/services.ts";
import { answerReview, isReview } from "./access/reviews.ts";
import { type Access, authorize } from "./authorize.ts";
import { decodeJson, decodeRecord } from "./decode.ts";
import type { ApiEnvironment, Call } from "./environment.ts";
import {
  createEvent,
  deleteEvent,
  deleteEvents,
  getEvent,
  isForEvents,
  listEvents,
  refuseEventChange,
  watchEvents,
} from "./events/event-verbs.ts";
import type { ApiExtensions, ExtensionCall } from "./extensions.ts";
import type { ObjectEncoder } from "./read/encode.ts";
import { getObject, listObjects } from "./read/list.ts";
import { watchObjects } from "./read/watch.ts";
import { getUsage, isUsage, listUsage, type UsageSource } from "./usage/usage-verbs.ts";
import { create } from "./verbs/create.ts";
import { deleteCollection, deleteObject } from "./verbs/delete.ts";
import { readPropagation } from "./verbs/deletion.ts";
import { patchObject } from "./verbs/patch.ts";
import type { WriteReply } from "./verbs/reply.ts";
import { scaleOf } from "./verbs/scale.ts";
import { createSubresource, patchScale, updateScale } from "./verbs/subresources.ts";
import { update } from "./verbs/update.ts";
import type { WatchCounter } from "./watch-limits.ts";
import { readWriteOptions } from "./write-options.ts";

type Handlers<Names extends keyof typeof apiService> = Pick<ServiceHandlers<typeof apiService>, Names>;

/** A list of a whole cluster may take its time; so may a deletion of everything. */
const slowDeadlineMs = 120_000;

/** Who calls. Without a certificate the transport lets nobody in; this is the second door, and closes with the certificate's life. */
export function callOf({ clock }: Pick<ApiEnvironment, "clock">, { peer, signal }: CallContext): Call {
  if (!peer) {
    throw new Problem("unauthenticated", "the client certificate does not say who calls", {
      hint: "Use a certificate with one CN.",
    });
  }
  if (peer.expiresAtMs < clock.nowMs()) {
    throw new Problem("unauthenticated", `the certificate of "${peer.user}" has expired`, {
      hint: "Connect again with a renewed certificate.",
    });
  }
  return { caller: { user: peer.user, groups: peer.groups }, signal };
}

export function readHandlers(
  env: ApiEnvironment,
  encoder: ObjectEncoder,
  watches: WatchCounter,
  source: UsageSource,
): Handlers<"get" | "list" | "watch"> {
  return {
    get: unary(async (request, context) => {
      if (isUsage(request.resource))
        return { object: encoder.encode(await getUsage(env, callOf(env, context), request, source)) };
      const get = isForEvents(request) ? getEvent : getObject;
      const object = await get(env, callOf(env, context), request);
      return { object: encoder.encode(request.subresource === "scale" ? scaleOf(object) : object) };
    }),
    list: unary(
      (request, context) => {
        const asked = { ...plain(request), continueToken: request.continue };
        if (isUsage(request.resource)) return listUsage(env, callOf(env, context), asked, { encoder, source });
        const list = isForEvents(request) ? listEvents : listObjects;
        return list(env, callOf(env, context), asked, encoder);
      },
      { deadlineMs: slowDeadlineMs },
    ),
    watch: serverStream(
      async function* watch(request, context) {
        const call = callOf(env, context);
        const leave = watches.enter(call.caller.user);
        try {
          const watchAll = isForEvents(request) ? watchEvents : watchObjects;
          yield* watchAll(env, call, request, encoder);
        } finally {
          leave();
        }
      },
      { resumeAt: ({ resourceVersion }) => (resourceVersion ? `resourceVersion ${resourceVersion}` : undefined) },
    ),
  };
}

/** Only the fields that lists share with other requests: spreading a message would take its methods along. */
function plain(request: orch.v1.ListRequest) {
  const { resource, namespace, labelSelector, fieldSelector, limit, resourceVersion } = request;
  return { resource, namespace, labelSelector, fieldSelector, limit, resourceVersion };
}

export function writeHandlers(env: ApiEnvironment, encoder: ObjectEncoder): Handlers<"create" | "update" | "patch"> {
  const reply = ({ object, warnings, outcome }: WriteReply) => ({ object: encoder.encode(object), warnings, outcome });
  const { objectBytes } = env.sizes;
  const bodyAndOptions = (body: Uint8Array, options: Parameters<typeof readWriteOptions>[0]) => ({
    body: decodeRecord(body, objectBytes),
    options: readWriteOptions(options),
  });
  return {
    create: unary(async (request, context) => {
      const { resource, namespace, name, subresource } = request;
      const asked = { resource, namespace, name, ...bodyAndOptions(request.object, request.options) };
      const call = callOf(env, context);
      if (isReview(resource)) return reply(answerReview(env.authorizer, call.caller, resource, asked.body));
      if (isForEvents(request)) return reply(await createEvent(env, call, asked));
      if (subresource === "") return reply(await create(env, call, asked));
      return reply(await createSubresource(env, call, { ...asked, subresource }));
    }),
    update: unary(async (request, context) => {
      if (isForEvents(request)) refuseEventChange();
      const { resource, namespace, name, subresource } = request;
      const asked = { resource, namespace, name, subresource, ...bodyAndOptions(request.object, request.options) };
      const call = callOf(env, context);
      return reply(await (subresource === "scale" ? updateScale(env, call, asked) : update(env, call, asked)));
    }),
    patch: unary(async (request, context) => {
      if (isForEvents(request)) refuseEventChange();
      const { resource, namespace, name, subresource, type, force } = request;
      const patch = decodeJson(request.patch, objectBytes);
      const options = readWriteOptions(request.options);
      const asked = { resource, namespace, name, subresource, type, force, patch, options };
      const call = callOf(env, context);
      return reply(await (subresource === "scale" ? patchScale(env, call, asked) : patchObject(env, call, asked)));
    }),
  };
}

export function deleteHandlers(env: ApiEnvironment, encoder: ObjectEncoder): Handlers<"delete" | "deleteCollection"> {
  return {
    delete: unary(async (request, context) => {
      const { resource, namespace, name, preconditionUid, preconditionResourceVersion, dryRun } = request;
      const options = deleteOptions(request);
      const asked = { resource, namespace, name, preconditionUid, preconditionResourceVersion, dryRun, options };
      const remove = isForEvents(request) ? deleteEvent : deleteObject;
      const { object, warnings } = await remove(env, callOf(env, context), asked);
      return { object: encoder.encode(object), warnings, count: 1 };
    }),
    deleteCollection: unary(
      async (request, context) => {
        const { resource, namespace, labelSelector, fieldSelector, dryRun } = request;
        const options = deleteOptions(request);
        const asked = { resource, namespace, labelSelector, fieldSelector, dryRun, options };
        const removeAll = isForEvents(request) ? deleteEvents : deleteCollection;
        return removeAll(env, callOf(env, context), asked);
      },
      { deadlineMs: slowDeadlineMs },
    ),
  };
}

function deleteOptions({ propagation, graceSeconds }: Pick<orch.v1.DeleteRequest, "propagation" | "graceSeconds">) {
  return {
    propagation: readPropagation(propagation),
    graceSeconds: graceSeconds < 0 ? undefined : graceSeconds,
  };
}

export function extensionHandlers(
  env: ApiEnvironment,
  extensions: ApiExtensions,
): Handlers<"stream" | "createJoinToken" | "issueUserCertificate" | "clusterStatus" | "raw"> {
  const extended = (context: CallContext, access?: Pick<Access, "verb" | "resource">): ExtensionCall => {
    const call = callOf(env, context);
    const check = (wanted: Access): void => authorize(env.authorizer, call.caller, wanted);
    if (access) check({ ...access, namespace: "", name: "" });
    return { ...call, authorize: check };
  };
  return {
    stream: bidi((call) => extensions.stream(call, extended(call))),
    createJoinToken: unary(async (request, context) =>
      extensions.createJoinToken(request, extended(context, { verb: "create", resource: "jointokens.orch" })),
    ),
    issueUserCertificate: unary(async (request, context) =>
      extensions.issueUserCertificate(
        request,
        extended(context, { verb: "create", resource: "usercertificates.orch" }),
      ),
    ),
    raw: unary(async (request, context) =>
      extensions.raw(request, extended(context, { verb: "get", resource: "monitoring.orch" })),
    ),
    clusterStatus: unary(async (request, context) =>
      extensions.clusterStatus(request, extended(context, { verb: "get", resource: "clusterstatus.orch" })),
    ),
  };
}
