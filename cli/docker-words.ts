/** Docker's commands that are called otherwise here, or are not there: for people who type them. Pure. */

const words: Readonly<Record<string, string>> = {
  build: "Dockerfiles are not built yet: build with another tool, then orchctl image load FILE",
  commit: "containers are no source of images: orchctl changes shows what was written, orchctl cp brings it here",
  compose: "orchctl apply -f takes manifests; Compose files are not read yet",
  container: "leave the word out: orchctl ps, run, exec, logs, stop, rm …",
  export: "orchctl cp POD:/. DIRECTORY copies all files out",
  import: "orchctl image load FILE takes images as docker save, podman and buildah write them",
  info: "orchctl cluster status, or get nodes",
  load: "orchctl image load FILE",
  network: "all pods reach one another; there are no networks to make",
  port: "orchctl port-forward POD 8080:80",
  rename: "a pod keeps its name: make another one, then orchctl rm the first",
  rmi: "orchctl image rm IMAGE",
  save: "orchctl image save IMAGE",
  search: "orchctl pull IMAGE takes what a registry has; it cannot be searched from here",
  service: "orchctl create deployment, scale, set image, rollout undo",
  stack: "orchctl apply -f takes manifests",
  swarm: "orchctl node join prints the command that adds a node",
  system: "orchctl image df and image prune; orchctl events",
  tag: "orchctl image tag IMAGE NAME",
  update: "orchctl set resources changes a workload's limits; a running container keeps its own",
  volume: "volumes belong to pods: see orchctl explain pod.spec.volumes",
};

/** What to do instead; undefined for a word that Docker does not know either, or that we have. */
export const dockerHint = (word: string): string | undefined => (Object.hasOwn(words, word) ? words[word] : undefined);
