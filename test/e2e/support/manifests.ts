/** Small manifests for end-to-end tests, as text: what a person would write. */

export const image = "orch-example/hello:1";

export interface DeploymentOptions {
  readonly name: string;
  readonly replicas: number;
  readonly command?: string;
  /** Lines for the container, indented by 10. */
  readonly container?: string;
  /** Lines for the Deployment's spec, indented by 2. */
  readonly spec?: string;
  /** Lines for the pod's spec, indented by 6. */
  readonly pod?: string;
}

export function deployment({
  name,
  replicas,
  command = "exec httpd -f -p 8080 -h /tmp",
  container = "",
  spec = "",
  pod = "",
}: DeploymentOptions): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
${spec}
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
${pod}
      terminationGracePeriodSeconds: 5
      containers:
        - name: main
          image: ${image}
          command: ["/bin/sh", "-c", ${JSON.stringify(command)}]
${container}
`;
}

export function pod(name: string, command: string, extra = ""): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  terminationGracePeriodSeconds: 2
${extra}
  containers:
    - name: main
      image: ${image}
      command: ["/bin/sh", "-c", ${JSON.stringify(command)}]
`;
}
