/** Manifests as people write them and clusters export them, for tests. Parsed YAML, as the command line sends it. */
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "./object.ts";

export const parseManifests = (text: string): KubeObject[] =>
  parseAllDocuments(text).map((document) => document.toJS());

export const webYaml = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: web } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web-config, namespace: shop }
data:
  LOG_LEVEL: info
  nginx.conf: |
    server { listen 8080; }
  empty:
binaryData: { logo.png: iVBORw0KGgo= }
---
apiVersion: v1
kind: Secret
metadata: { name: web-secret, namespace: shop }
stringData: { password: s3cr3t }
data: { user: YWRtaW4= }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: { app.kubernetes.io/name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
  template:
    metadata:
      creationTimestamp: null
      labels: { app: web, tier: front }
      annotations: { prometheus.io/scrape: "true" }
    spec:
      containers:
        - name: web
          image: registry.example/shop/web:1.27
          args: ["--port", "8080"]
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - { name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
            - { name: TEAM, valueFrom: { fieldRef: { fieldPath: "metadata.labels['team']" } } }
            - { name: MEMORY, valueFrom: { resourceFieldRef: { resource: limits.memory, divisor: 1Mi } } }
            - { name: PASSWORD, valueFrom: { secretKeyRef: { name: web-secret, key: password } } }
          envFrom: [{ prefix: CFG_, configMapRef: { name: web-config } }]
          resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 1, memory: 0.5Gi } }
          readinessProbe: { httpGet: { path: /ready, port: http }, periodSeconds: 2 }
          livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 5, failureThreshold: 0 }
          securityContext: { runAsNonRoot: true, runAsUser: 1000, capabilities: { drop: [ALL] }, readOnlyRootFilesystem: true }
          volumeMounts:
            - { name: config, mountPath: /etc/nginx, readOnly: true }
            - { name: cache, mountPath: /var/cache }
            - { name: all, mountPath: /run/all }
        - name: log
          image: busybox
          command: [sh, -c, "tail -F /var/cache/log"]
          volumeMounts: [{ name: cache, mountPath: /var/cache, subPath: log }]
      volumes:
        - { name: config, configMap: { name: web-config, items: [{ key: nginx.conf, path: nginx.conf }] } }
        - { name: cache }
        - name: all
          projected:
            sources:
              - secret: { name: web-secret }
              - downwardAPI: { items: [{ path: labels, fieldRef: { fieldPath: metadata.labels } }] }
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm: { labelSelector: { matchLabels: { app: web } }, topologyKey: kubernetes.io/hostname }
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: { matchLabels: { app: web } }
      tolerations: [{ key: dedicated, operator: Equal, value: web, effect: NoSchedule }]
      imagePullSecrets: [{ name: registry }]
`;

/** As `kubectl get deployment -o yaml` printed it on a Kubernetes 1.33 cluster. */
export const exportedYaml = `
apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    deployment.kubernetes.io/revision: "4"
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"apps/v1","kind":"Deployment"}
  creationTimestamp: "2026-02-11T09:15:02Z"
  generation: 7
  labels: { app: api }
  managedFields:
    - apiVersion: apps/v1
      fieldsType: FieldsV1
      fieldsV1: { "f:spec": { "f:replicas": {} } }
      manager: kubectl-client-side-apply
      operation: Update
      time: "2026-02-11T09:15:02Z"
  name: api
  namespace: default
  resourceVersion: "812736"
  selfLink: /apis/apps/v1/namespaces/default/deployments/api
  uid: 5f0c1a86-8b0f-4f2b-9d38-0f4f3a0d9a11
spec:
  progressDeadlineSeconds: 600
  replicas: 2
  revisionHistoryLimit: 10
  selector: { matchLabels: { app: api } }
  strategy: { rollingUpdate: { maxSurge: 25%, maxUnavailable: 25% }, type: RollingUpdate }
  template:
    metadata: { creationTimestamp: null, labels: { app: api } }
    spec:
      containers:
        - image: api:v2
          imagePullPolicy: IfNotPresent
          name: api
          ports: [{ containerPort: 80, protocol: TCP }]
          resources: {}
          terminationMessagePath: /dev/termination-log
          terminationMessagePolicy: File
          livenessProbe:
            failureThreshold: 3
            httpGet: { path: /, port: 80, scheme: HTTP }
            periodSeconds: 10
            successThreshold: 1
            timeoutSeconds: 1
      dnsPolicy: ClusterFirst
      restartPolicy: Always
      schedulerName: default-scheduler
      securityContext: {}
      terminationGracePeriodSeconds: 30
status:
  availableReplicas: 2
  conditions:
    - lastTransitionTime: "2026-02-11T09:15:10Z"
      lastUpdateTime: "2026-02-11T09:15:10Z"
      message: Deployment has minimum availability.
      reason: MinimumReplicasAvailable
      status: "True"
      type: Available
  observedGeneration: 7
  readyReplicas: 2
  replicas: 2
  updatedReplicas: 2
`;

/** As `kubectl get pod -o yaml` printed it; Kubernetes added the token volume, the tolerations and what names the account. */
export const exportedPodYaml = `
apiVersion: v1
kind: Pod
metadata:
  annotations: { cni.projectcalico.org/podIP: 10.244.1.17/32 }
  creationTimestamp: "2026-02-11T09:15:04Z"
  generateName: api-6d4cf56db6-
  labels: { app: api, pod-template-hash: 6d4cf56db6 }
  name: api-6d4cf56db6-x7k2p
  namespace: default
  ownerReferences:
    - apiVersion: apps/v1
      blockOwnerDeletion: true
      controller: true
      kind: ReplicaSet
      name: api-6d4cf56db6
      uid: 0f0a5f2e-3c5f-4a7c-9a4f-1d2c3b4a5968
  resourceVersion: "812700"
  uid: 9f0c1a86-8b0f-4f2b-9d38-0f4f3a0d9a12
spec:
  containers:
    - image: api:v2
      imagePullPolicy: IfNotPresent
      name: api
      resources: {}
      terminationMessagePath: /dev/termination-log
      terminationMessagePolicy: File
      volumeMounts:
        - { mountPath: /var/run/secrets/kubernetes.io/serviceaccount, name: kube-api-access-x2x4z, readOnly: true }
  dnsPolicy: ClusterFirst
  enableServiceLinks: true
  nodeName: worker-1
  preemptionPolicy: PreemptLowerPriority
  priority: 0
  restartPolicy: Always
  schedulerName: default-scheduler
  securityContext: {}
  serviceAccount: default
  serviceAccountName: default
  terminationGracePeriodSeconds: 30
  tolerations:
    - { effect: NoExecute, key: node.kubernetes.io/not-ready, operator: Exists, tolerationSeconds: 300 }
    - { effect: NoExecute, key: node.kubernetes.io/unreachable, operator: Exists, tolerationSeconds: 300 }
  volumes:
    - name: kube-api-access-x2x4z
      projected:
        defaultMode: 420
        sources:
          - serviceAccountToken: { expirationSeconds: 3607, path: token }
          - configMap: { items: [{ key: ca.crt, path: ca.crt }], name: kube-root-ca.crt }
          - downwardAPI: { items: [{ fieldRef: { apiVersion: v1, fieldPath: metadata.namespace }, path: namespace }] }
status:
  conditions:
    - { lastProbeTime: null, lastTransitionTime: "2026-02-11T09:15:05Z", observedGeneration: 1, status: "True", type: Ready }
  containerStatuses:
    - containerID: containerd://2f1c
      image: docker.io/library/api:v2
      imageID: docker.io/library/api@sha256:2f1c
      lastState: {}
      name: api
      ready: true
      restartCount: 0
      started: true
      state: { running: { startedAt: "2026-02-11T09:15:05Z" } }
      volumeMounts:
        - { mountPath: /var/run/secrets/kubernetes.io/serviceaccount, name: kube-api-access-x2x4z, readOnly: true, recursiveReadOnly: Disabled }
  hostIP: 192.0.2.10
  hostIPs: [{ ip: 192.0.2.10 }]
  phase: Running
  podIP: 10.244.1.17
  podIPs: [{ ip: 10.244.1.17 }]
  qosClass: BestEffort
  startTime: "2026-02-11T09:15:04Z"
`;
