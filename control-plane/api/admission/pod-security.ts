/**
 * Pod Security levels at the door: pods that violate the enforced level of their namespace are refused, templates of such pods are
 * answered with a warning, and a namespace that is made stricter names the pods that it would refuse now.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type Checked, namedLevel, sentenceOf, violationsOf } from "#proto/resources/pod-security/check.ts";
import {
  isLooser,
  type LevelOf,
  levelLabel,
  type PodSecurityPolicy,
  policyOf,
} from "#proto/resources/pod-security/level.ts";
import type { Violation } from "#proto/resources/pod-security/subject.ts";
import { authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import { jsonEqual } from "../patch/json.ts";

export interface PodSecurityRequest {
  /** With its defaults, and valid. */
  readonly object: KubeObject;
  readonly previous?: KubeObject | undefined;
  readonly dryRun: boolean;
}

/** Warnings. Throws `forbidden` for a pod that may not come in, and for a namespace opened by somebody who may not. */
export async function admitPodSecurity(
  env: ApiEnvironment,
  call: Call,
  request: PodSecurityRequest,
): Promise<readonly string[]> {
  const { object } = request;
  if (object.kind === "Namespace") return admitNamespace(env, call, request);
  const subject = subjectOf(object);
  const before = request.previous && subjectOf(request.previous);
  if (!subject || (before && jsonEqual(before.pod, subject.pod))) return [];
  // What runs already keeps what it has: only what is new in it counts.
  const added = (violations: readonly Violation[], policy: LevelOf): readonly Violation[] => {
    const known = new Set(before && violationsOf(before.pod, policy, before.path).map(({ path }) => path));
    return violations.filter(({ path }) => !known.has(path));
  };
  const find = (policy: LevelOf): readonly Violation[] =>
    added(violationsOf(subject.pod, policy, subject.path), policy);
  const namespace = object.metadata.namespace ?? "";
  let policy = policyOf(env.cache.get("namespaces", "", namespace)?.metadata.labels);
  // The cache allows; only what it would refuse is asked of the store, which may know better.
  if (object.kind === "Pod" && find(policy.enforce).length > 0) policy = await storedPolicy(env, call, namespace);
  const refused = object.kind === "Pod" ? find(policy.enforce) : [];
  if (refused.length > 0) throw refusal(object, policy.enforce, refused);
  const noted = find(policy.audit);
  if (noted.length > 0 && !request.dryRun) record(env, call, { object, policy: policy.audit, violations: noted });
  return warningsFor(object, policy.warn, find(policy.warn));
}

interface Template {
  readonly pod: Checked;
  readonly path: readonly string[];
}

/** The pod that an object is, or makes. */
function subjectOf(object: KubeObject): Template | undefined {
  if (object.kind === "Pod") return { pod: object as unknown as Checked, path: [] };
  const template = (object.spec as { readonly template?: Checked } | undefined)?.template;
  return template?.spec?.containers ? { pod: template, path: ["spec", "template"] } : undefined;
}

async function storedPolicy(env: ApiEnvironment, { signal }: Call, name: string): Promise<PodSecurityPolicy> {
  const found = await env.store.get({ group: "", plural: "namespaces", namespace: "", name }, signal);
  return policyOf(found?.metadata.labels);
}

function refusal(pod: KubeObject, policy: LevelOf, violations: readonly Violation[]): Problem {
  const { namespace = "", name } = pod.metadata;
  const object = `Pod ${namespace}/${name}`;
  const message = `${object} violates ${namedLevel(policy, namespace)}: ${sentenceOf(violations)}`;
  const looser = policy.level === "restricted" ? "baseline" : "privileged";
  return new Problem("forbidden", message, {
    object,
    causes: violations.map((found) => ({
      path: found.path,
      message: `${found.message}: ${namedLevel(policy, namespace)}`,
      reason: "FieldValueForbidden",
    })),
    hint: `Change the pod, or let an administrator open the namespace: orchctl label namespace ${namespace} ${levelLabel("enforce")}=${looser} --overwrite`,
  });
}

/** Clients put the object's name before it. */
function warningsFor({ kind, metadata }: KubeObject, policy: LevelOf, found: readonly Violation[]): readonly string[] {
  if (found.length === 0) return [];
  const level = `${namedLevel(policy, metadata.namespace ?? "")}: ${sentenceOf(found)}`;
  return [kind === "Pod" ? `violates ${level}` : `its pods will be refused where this level is enforced: ${level}`];
}

interface Noted {
  readonly object: KubeObject;
  readonly policy: LevelOf;
  readonly violations: readonly Violation[];
}

function record(env: ApiEnvironment, { caller }: Call, { object, policy, violations }: Noted): void {
  const level = namedLevel(policy, object.metadata.namespace ?? "");
  const message = `Written by ${JSON.stringify(caller.user)}, violates ${level}: ${sentenceOf(violations)}`;
  env.recorder.record({
    regarding: object,
    type: "Warning",
    reason: "PodSecurityAudit",
    message,
    source: "pod-security",
  });
}

/** Who may write namespaces may close them further; opening one to what baseline forbids is root on nodes in effect. */
function admitNamespace(env: ApiEnvironment, call: Call, { object, previous }: PodSecurityRequest): readonly string[] {
  const now = policyOf(object.metadata.labels).enforce;
  const before = policyOf(previous?.metadata.labels).enforce;
  if (now.level === "privileged" && isLooser(now, before)) {
    const { name } = object.metadata;
    authorize(env.authorizer, call.caller, {
      ...{ verb: "update", resource: "namespaces", subresource: "podsecurity" },
      ...{ namespace: "", name },
    });
  }
  if (!previous || (now.level === before.level && now.edition === before.edition)) return [];
  return violators(env, object.metadata.name, now);
}

const mostChecked = 3_000;
const mostNamed = 10;

function violators(env: ApiEnvironment, namespace: string, policy: LevelOf): readonly string[] {
  if (policy.level === "privileged") return [];
  const pods = env.cache.list("pods", namespace);
  const found = pods.slice(0, mostChecked).flatMap((pod) => {
    const violations = violationsOf(pod as unknown as Checked, policy);
    return violations.length === 0 ? [] : [`${pod.metadata.name}: ${sentenceOf(violations)}`];
  });
  if (found.length === 0) return [];
  const what = `${found.length === 1 ? "1 pod that runs" : `${found.length} pods that run`} in namespace ${namespace}`;
  const unseen =
    pods.length > mostChecked ? [`only the first ${mostChecked} of ${pods.length} pods were looked at`] : [];
  return [
    `${what} would be refused now; they go on until they are replaced`,
    ...found.slice(0, mostNamed),
    ...(found.length > mostNamed ? [`and ${found.length - mostNamed} more`] : []),
    ...unseen,
  ];
}
