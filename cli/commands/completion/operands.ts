/** What may stand as an argument of a command: kinds, names of objects, images, tokens … */
import { catalog, findEntry } from "#proto/resources/catalog.ts";
import { explain } from "#proto/resources/explain.ts";
import { findDefinition } from "#proto/resources/registry.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { type Candidate, type HalfWritten, plain } from "./candidate.ts";
import { clusterNames, containersOf } from "./live-names.ts";

/** Commands (with their parents) whose first argument is a kind, or KIND/NAME. */
const takesKinds = new Set([
  ...["get", "describe", "delete", "scale", "wait", "edit", "patch", "label", "annotate", "explain"],
  ...["set image", "set env", "set resources", "auth can-i"],
]);

interface Taken {
  /** A kind, or what `clusterNames` knows besides. */
  readonly kind: string;
  /** How many arguments are such names; what follows is something else. */
  readonly count?: number;
  /** Stands behind each. */
  readonly suffix?: string;
}

const onePod: Taken = { kind: "pods", count: 1 };
const pods: Taken = { kind: "pods" };
const nodes: Taken = { kind: "nodes" };
const contexts: Taken = { kind: "contexts", count: 1 };
const images: Taken = { kind: "images" };

const takesNames: Readonly<Record<string, Taken>> = {
  ...{ logs: onePod, exec: onePod, attach: onePod, debug: onePod, "port-forward": onePod, changes: onePod },
  ...{ stop: pods, start: pods, restart: pods, pause: pods, unpause: pods, kill: pods, rm: pods },
  ...{ inspect: pods, stats: pods, top: pods, "top pods": pods, "top containers": pods },
  cp: { ...pods, suffix: ":" },
  ...{ cordon: nodes, uncordon: nodes, drain: nodes, "top nodes": nodes, "cluster remove-node": nodes },
  ...{ "node metrics": nodes, "node remove": nodes },
  ...{ "config use-context": contexts, "config rename-context": contexts, "config delete-context": contexts },
  ...{ "config set-context": contexts, "config renew": contexts },
  ...{ "image rm": images, "image inspect": images, "image history": images, "image save": images },
  ...{ "image verify": images, "image tag": { ...images, count: 1 }, "image push": { ...images, count: 1 } },
  ...{ history: images, push: { ...images, count: 1 } },
  "token revoke": { kind: "tokens" },
  "cert revoke": { kind: "holders", count: 1 },
};
const rolloutKinds = ["deployments"];

export async function operandsOf(
  half: HalfWritten,
  last: string,
  environment: Environment,
): Promise<readonly Candidate[]> {
  const { path, operands, global } = half;
  const taken = takesNames[path];
  if (taken) return namesFor(taken, half, last, environment);
  if (path === "taint") return operands.length === 0 ? [plain("node")] : clusterNames("nodes", global, environment);
  if (path === "explain" && last.includes(".")) return fieldsOf(last);
  const kinds = takesKinds.has(path)
    ? catalog.map(({ plural }) => plural)
    : path.startsWith("rollout ")
      ? rolloutKinds
      : [];
  if (kinds.length === 0) return [];
  if (last.indexOf("/") > 0) return namesOfKind(last, global, environment);
  const verbFirst = path === "auth can-i" ? 1 : 0;
  if (operands.length < verbFirst) return ["get", "list", "watch", "create", "update", "patch", "delete"].map(plain);
  if (operands.length === verbFirst) return kinds.map(kindCandidate);
  const [first = ""] = operands;
  if (path.startsWith("set ")) {
    const target = first.includes("/") ? first : `${first}/${operands[1] ?? ""}`;
    const names =
      path === "set image" && (first.includes("/") || operands.length > 1)
        ? await containersOf(target, global, environment)
        : [];
    if (names.length > 0) return names.map((name) => plain(`${name}=`));
  }
  return path === "explain" ? [] : clusterNames(operands[verbFirst] ?? "", global, environment);
}

async function namesFor(
  { kind, count = Infinity, suffix = "" }: Taken,
  { operands, global }: HalfWritten,
  last: string,
  environment: Environment,
): Promise<readonly Candidate[]> {
  // What follows a pod's name may be a command of its own, or ports.
  if (operands.length >= count) return [];
  if (kind === "pods" && suffix === "" && last.indexOf("/") > 0) return namesOfKind(last, global, environment);
  const names = await clusterNames(kind, global, environment);
  return names
    .filter(({ word }) => !operands.includes(word))
    .map(({ word, text }) => ({ word: `${word}${suffix}`, text }));
}

/** `deployment/` and what there is of it. */
async function namesOfKind(
  word: string,
  global: GlobalOptions,
  environment: Environment,
): Promise<readonly Candidate[]> {
  const kind = word.slice(0, word.indexOf("/"));
  const names = await clusterNames(kind, global, environment);
  return names.map((name) => ({ ...name, word: `${kind}/${name.word}` }));
}

/** `pod.spec.con` goes on as `pod.spec.containers`. */
function fieldsOf(word: string): readonly Candidate[] {
  const [kind = "", ...steps] = word.split(".").slice(0, -1);
  const entry = findEntry(kind);
  const definition = entry && findDefinition(entry);
  const found = definition && explain(definition, steps.join("."));
  if (!found?.ok) return [];
  const before = [kind, ...steps].join(".");
  return found.explanation.fields.map(({ name, type }) => ({ word: `${before}.${name}`, text: type }));
}

function kindCandidate(plural: string): Candidate {
  const entry = findEntry(plural);
  return { word: plural, text: entry ? [entry.kind, ...entry.shortNames].join(", ") : "" };
}
