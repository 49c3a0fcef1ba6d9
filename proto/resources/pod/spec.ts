/** PodSpec and the template it is embedded in. */
import type { z } from "zod";
import { localObjectReference, templateMeta } from "../meta.ts";
import {
  accepted,
  choice,
  flag,
  int64,
  integer,
  list,
  listByKey,
  map,
  object,
  quantity,
  refused,
  required,
  text,
  works,
} from "../schema/fields.ts";
import { affinity, toleration, topologySpreadConstraint } from "./affinity.ts";
import { container, ephemeralContainer, resourceRequirements } from "./container.ts";
import { podSecurityContext } from "./security.ts";
import { volumes } from "./volume.ts";

export const hostAlias = object("HostAlias", () => ({ ip: required(text()), hostnames: works(list(text())) }));
export type HostAlias = z.infer<typeof hostAlias>;

export const podDnsConfig = object("PodDNSConfig", () => ({
  nameservers: works(list(text()), "Servers added to, or with dnsPolicy None used as, the pod's."),
  searches: works(list(text())),
  options: works(list(object("PodDNSConfigOption", () => ({ name: works(text()), value: works(text()) })))),
}));
export type PodDnsConfig = z.infer<typeof podDnsConfig>;

const readinessGate = object("PodReadinessGate", () => ({ conditionType: required(text()) }));
const schedulingGate = object("PodSchedulingGate", () => ({ name: required(text()) }));

const runningFields = () => ({
  containers: required(listByKey(container, "name"), "What runs. At least one."),
  initContainers: works(
    listByKey(container, "name"),
    "Run before the containers, one after the other. With restartPolicy Always they run on beside them, as sidecars.",
  ),
  ephemeralContainers: works(
    listByKey(ephemeralContainer, "name"),
    "Added to a pod that runs, to look inside: by `orchctl debug`, and by the subresource ephemeralcontainers only.",
  ),
  volumes: works(volumes(), "Directories and files that containers can mount."),
  restartPolicy: works(choice("Always", "OnFailure", "Never"), {
    doc: "When ended containers start again.",
    default: "Always",
  }),
  terminationGracePeriodSeconds: works(int64(), { doc: "Seconds between SIGTERM and SIGKILL.", default: 30 }),
  activeDeadlineSeconds: works(int64(), "Seconds after which the pod is stopped and failed."),
  imagePullSecrets: works(listByKey(localObjectReference, "name"), "Secrets with registry credentials."),
  securityContext: works(podSecurityContext, { doc: "User, groups and confinement of all containers.", default: {} }),
  hostNetwork: works(flag(), "Uses the node's network instead of an own address."),
  hostPID: works(flag(), "Sees the node's processes."),
  hostIPC: works(flag(), "Shares the node's IPC namespace."),
  shareProcessNamespace: works(
    flag(),
    "Containers of the pod see each other's processes, below a first process of the pod's own that reaps. Needs catatonit on the node.",
  ),
  hostUsers: works(
    flag(),
    "False gives the pod 65536 users of its own: root in it is nobody on the node. Needs a node with the feature UserNamespaces.",
  ),
  os: works(
    object("PodOS", () => ({ name: required(choice("linux", "windows")) })),
    "Must be linux.",
  ),
  runtimeClassName: refused(text(), "runtime classes are not built yet", { harmless: [""] }),
  overhead: refused(map(quantity()), "runtime classes are not built yet"),
  resources: works(
    resourceRequirements,
    "What all containers together need and may use: cpu, memory and huge pages. They share what none of them has of its own.",
  ),
});

const networkFields = () => ({
  hostname: works(text(), "Host name inside the pod; its name when absent."),
  subdomain: works(
    text(),
    "Part of the pod's full name HOSTNAME.SUBDOMAIN.NAMESPACE.svc.DOMAIN, in its /etc/hosts; DNS follows with Services.",
  ),
  setHostnameAsFQDN: works(
    flag(),
    "The host name inside the pod is its full name; needs a subdomain to make a difference.",
  ),
  hostnameOverride: works(text(), "Host name inside the pod, whatever hostname and subdomain say."),
  hostAliases: works(listByKey(hostAlias, "ip"), "Lines added to /etc/hosts."),
  dnsPolicy: works(choice("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"), {
    doc: "Default takes the node's name servers; None only those of dnsConfig.",
    default: "ClusterFirst",
  }),
  dnsConfig: works(podDnsConfig, "Additions to the settings of the resolver."),
  enableServiceLinks: accepted(flag(), "Services are not built yet, so no variables about them are set", {
    harmless: [true, false],
  }),
});

const schedulingFields = () => ({
  nodeName: works(text(), "Node the pod is bound to. Set by the scheduler."),
  nodeSelector: works(map(text(), { atomic: true }), "Labels a node must have."),
  affinity: works(affinity, "Where the pod must or should run."),
  tolerations: works(list(toleration), "Taints the pod does not mind."),
  topologySpreadConstraints: works(
    list(topologySpreadConstraint, {
      type: "map",
      keys: ["topologyKey", "whenUnsatisfiable"],
      patchMergeKey: "topologyKey",
    }),
    "How evenly replicas spread over domains.",
  ),
  schedulerName: refused(text(), "there is one scheduler", {
    default: "default-scheduler",
    harmless: ["default-scheduler"],
  }),
  priorityClassName: accepted(text(), "priorities are not built yet", { harmless: [""] }),
  priority: accepted(integer(), "priorities are not built yet", { harmless: [0] }),
  preemptionPolicy: accepted(choice("Never", "PreemptLowerPriority"), "no pod is preempted", {
    harmless: ["PreemptLowerPriority", "Never"],
  }),
  readinessGates: refused(list(readinessGate), "readiness gates are not built yet"),
  schedulingGates: refused(listByKey(schedulingGate, "name"), "scheduling gates are not built yet"),
  resourceClaims: refused(
    listByKey(
      object("PodResourceClaim", () => ({
        name: required(text()),
        resourceClaimName: works(text()),
        resourceClaimTemplateName: works(text()),
      })),
      "name",
    ),
    "dynamic resource allocation is not part of Orch",
  ),
  schedulingGroup: refused(
    object("PodSchedulingGroup", () => ({ podGroupName: works(text()) })),
    "pod groups are not built yet",
  ),
  evictionResponders: refused(
    listByKey(
      object("EvictionResponder", () => ({ name: required(text()), priority: required(integer()) })),
      "name",
    ),
    "eviction requests are not built yet",
  ),
});

const accountReason = "service accounts are not built yet; pods get no token";
const podSpecSchema = object("PodSpec", () => ({
  ...runningFields(),
  ...networkFields(),
  ...schedulingFields(),
  serviceAccountName: accepted(text(), accountReason, { harmless: ["default", ""] }),
  serviceAccount: accepted(text(), accountReason, { harmless: ["default", ""] }),
  automountServiceAccountToken: accepted(flag(), accountReason, { harmless: [false] }),
}));
export interface PodSpec extends z.infer<typeof podSpecSchema> {}
export const podSpec: z.ZodType<PodSpec> = podSpecSchema;

const podTemplateSpecSchema = object("PodTemplateSpec", () => ({
  metadata: works(templateMeta, "Labels and annotations of the pods."),
  spec: required(podSpec, "What the pods run."),
}));
export interface PodTemplateSpec extends z.infer<typeof podTemplateSpecSchema> {}
export const podTemplateSpec: z.ZodType<PodTemplateSpec> = podTemplateSpecSchema;
