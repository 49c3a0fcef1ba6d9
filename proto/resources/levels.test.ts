import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, fieldLevels } from "./explain.ts";
import { definitions, findDefinition } from "./registry.ts";

const levelOf = (path: string): string => {
  const definition = findDefinition("pods");
  assert.ok(definition);
  const result = explain(definition, path);
  assert.ok(result.ok, path);
  return result.explanation.field.level;
};

/** What agents and the scheduler do today. A field that gains its feature moves here from the next list. */
const works = `
spec.restartPolicy spec.terminationGracePeriodSeconds spec.nodeSelector spec.nodeName spec.affinity.nodeAffinity
spec.affinity.podAffinity spec.affinity.podAntiAffinity spec.tolerations.tolerationSeconds spec.topologySpreadConstraints.minDomains
spec.hostNetwork spec.shareProcessNamespace spec.hostPID spec.hostIPC spec.hostname spec.hostAliases spec.dnsPolicy spec.dnsConfig spec.imagePullSecrets
spec.securityContext.runAsUser spec.securityContext.fsGroup spec.securityContext.supplementalGroups spec.securityContext.sysctls
spec.containers.command spec.containers.args spec.containers.workingDir spec.containers.imagePullPolicy
spec.containers.env.valueFrom.fieldRef spec.containers.env.valueFrom.resourceFieldRef
spec.containers.env.valueFrom.configMapKeyRef spec.containers.env.valueFrom.secretKeyRef spec.containers.envFrom.prefix
spec.containers.resources.limits spec.containers.resources.requests spec.containers.volumeMounts.subPath
spec.containers.volumeMounts.subPathExpr spec.containers.livenessProbe.exec spec.containers.livenessProbe.httpGet
spec.containers.readinessProbe.tcpSocket spec.containers.livenessProbe.terminationGracePeriodSeconds
spec.containers.securityContext.capabilities spec.containers.securityContext.privileged
spec.containers.securityContext.readOnlyRootFilesystem spec.containers.securityContext.runAsNonRoot
spec.containers.securityContext.seccompProfile spec.containers.securityContext.seLinuxOptions
spec.containers.securityContext.appArmorProfile spec.hostUsers spec.containers.securityContext.procMount spec.securityContext.supplementalGroupsPolicy
spec.containers.securityContext.allowPrivilegeEscalation
spec.volumes.configMap spec.volumes.secret spec.volumes.emptyDir spec.volumes.hostPath spec.volumes.downwardAPI
spec.volumes.projected.sources.secret spec.initContainers spec.containers.restartPolicy spec.containers.restartPolicyRules
spec.containers.lifecycle.stopSignal spec.subdomain spec.setHostnameAsFQDN spec.containers.terminationMessagePath spec.containers.lifecycle.preStop spec.containers.lifecycle.postStart spec.containers.startupProbe
spec.containers.livenessProbe.grpc spec.activeDeadlineSeconds spec.containers.stdin spec.containers.stdinOnce spec.containers.tty`;

/** Leaving these out in silence would change what a manifest means. */
const refused = `
spec.runtimeClassName spec.readinessGates spec.schedulingGates spec.schedulerName
spec.volumes.persistentVolumeClaim spec.volumes.csi spec.volumes.nfs spec.volumes.ephemeral spec.volumes.image
spec.volumes.projected.sources.serviceAccountToken spec.containers.volumeDevices
spec.containers.volumeMounts.mountPropagation`;

/** Nothing breaks without them. */
const accepted = `
spec.serviceAccountName spec.automountServiceAccountToken spec.enableServiceLinks spec.priorityClassName`;

const paths = (text: string): readonly string[] => text.trim().split(/\s+/);

test("what agents and the scheduler do works; what would be missed is refused; the rest is accepted", () => {
  for (const [level, text] of Object.entries({ works, refused, accepted }))
    for (const path of paths(text)) assert.equal(levelOf(path), level, path);
});

test("only Pods, templates and Nodes have fields without effect", () => {
  for (const definition of definitions) {
    const outside = fieldLevels(definition).filter(({ path }) => !/^(spec|status)\.|^metadata\.selfLink$/.test(path));
    assert.deepEqual(outside, [], definition.kind);
  }
});
