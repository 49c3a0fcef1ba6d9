/**
 * Questions a caller asks about himself, in Kubernetes' shapes: SelfSubjectAccessReview (may I?), SelfSubjectRulesReview (what
 * may I?) and SelfSubjectReview (who am I?). Created, answered, never stored; everybody may ask.
 */
import { Problem } from "#proto/kit/problem.ts";
import { catalog } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Authorizer, Caller, Verb } from "../authorize.ts";
import { isRecord, type JsonRecord, member } from "../patch/json.ts";
import type { WriteReply } from "../verbs/reply.ts";

type Answer = (authorizer: Authorizer, caller: Caller, spec: JsonRecord) => JsonRecord;

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly answer: Answer;
}

const reviews: Readonly<Record<string, Review>> = {
  "selfsubjectaccessreviews.authorization.k8s.io": {
    ...{ apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", answer: accessAnswer },
  },
  "selfsubjectrulesreviews.authorization.k8s.io": {
    ...{ apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", answer: rulesAnswer },
  },
  "selfsubjectreviews.authentication.k8s.io": {
    ...{ apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview", answer: subjectAnswer },
  },
};

export const isReview = (resource: string): boolean => Object.hasOwn(reviews, resource);

export function answerReview(authorizer: Authorizer, caller: Caller, resource: string, body: JsonRecord): WriteReply {
  const review = reviews[resource];
  if (!review) throw new Problem("not-found", `the server does not know the resource "${resource.slice(0, 100)}"`);
  const { apiVersion, kind } = review;
  if (body.kind !== kind || body.apiVersion !== apiVersion)
    throw new Problem("bad-request", `the body must be ${kind} of ${apiVersion}`);
  const spec = isRecord(body.spec) ? body.spec : {};
  const status = review.answer(authorizer, caller, spec);
  const object = { apiVersion, kind, metadata: {}, spec, status } as unknown as KubeObject;
  return { object, warnings: [], outcome: "created" };
}

const objectVerbs: readonly Verb[] = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
];
const isVerb = (text: string): text is Verb => (objectVerbs as readonly string[]).includes(text);

/** What besides kinds there is to be allowed: each with the verbs that mean something. */
const subresourceVerbs: Readonly<Record<string, readonly Verb[]>> = {
  status: ["get", "update", "patch"],
  scale: ["get", "update", "patch"],
  log: ["get"],
  binding: ["create"],
  eviction: ["create"],
  exec: ["create"],
  attach: ["create"],
  portforward: ["create"],
  finalize: ["update"],
};
const virtual: Readonly<Record<string, readonly Verb[]>> = {
  "jointokens.orch": ["create"],
  "usercertificates.orch": ["create"],
  "clusterstatus.orch": ["get"],
};

interface Known {
  readonly group: string;
  readonly plural: string;
  readonly subresource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
}

function known(): readonly Known[] {
  const kinds = catalog.flatMap(({ group, plural, namespaced, subresources }): readonly Known[] => [
    { group, plural, namespaced, subresource: "", verbs: objectVerbs },
    ...subresources.map((subresource) => {
      return { group, plural, namespaced, subresource, verbs: subresourceVerbs[subresource] ?? objectVerbs };
    }),
  ]);
  const others = Object.entries(virtual).map(([resource, verbs]): Known => {
    const [plural = "", group = ""] = resource.split(".");
    return { group, plural, verbs, subresource: "", namespaced: false };
  });
  return [...kinds, ...others];
}

const resourceOf = ({ group, plural }: { readonly group: string; readonly plural: string }): string =>
  group === "" ? plural : `${plural}.${group}`;

function accessAnswer(authorizer: Authorizer, caller: Caller, spec: JsonRecord): JsonRecord {
  const asked = isRecord(spec.resourceAttributes) ? spec.resourceAttributes : undefined;
  if (!asked)
    throw new Problem("invalid", "spec.resourceAttributes is missing", {
      causes: [{ path: "spec.resourceAttributes", message: "is required", reason: "FieldValueRequired" }],
    });
  const verb = textOf(asked, "verb");
  const resource = resourceOf({ group: textOf(asked, "group"), plural: textOf(asked, "resource") });
  const [subresource, namespace, name] = [
    textOf(asked, "subresource"),
    textOf(asked, "namespace"),
    textOf(asked, "name"),
  ];
  const verbs = verb === "*" ? objectVerbs : isVerb(verb) ? [verb] : [];
  if (verbs.length === 0) return { allowed: false, reason: `there is no verb "${verb.slice(0, 40)}"` };
  const resources = resource === "*" || resource === "*.*" ? known().map(resourceOf) : [resource];
  for (const each of resources) {
    for (const one of verbs) {
      const refusal = authorizer.refusal(caller, { verb: one, resource: each, subresource, namespace, name });
      if (refusal !== undefined) return { allowed: false, reason: refusal };
    }
  }
  return { allowed: true };
}

/** Complete: the built-in groups have no rule that a list of verbs and resources would not tell. */
function rulesAnswer(authorizer: Authorizer, caller: Caller, spec: JsonRecord): JsonRecord {
  const asked = textOf(spec, "namespace") || "default";
  const resourceRules = known().flatMap((one) => {
    const namespace = one.namespaced ? asked : "";
    const { subresource } = one;
    const access = { resource: resourceOf(one), subresource, namespace, name: "" };
    const verbs = one.verbs.filter((verb) => authorizer.refusal(caller, { ...access, verb }) === undefined);
    const resource = subresource === "" ? one.plural : `${one.plural}/${subresource}`;
    return verbs.length === 0 ? [] : [{ verbs, apiGroups: [one.group], resources: [resource] }];
  });
  return { resourceRules, nonResourceRules: [], incomplete: false };
}

function subjectAnswer(_authorizer: Authorizer, { user, groups }: Caller): JsonRecord {
  return { userInfo: { username: user, groups } };
}

const textOf = (record: JsonRecord, name: string): string => {
  const value = member(record, name);
  return typeof value === "string" ? value : "";
};
