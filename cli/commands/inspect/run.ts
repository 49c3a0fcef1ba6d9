/** Finds what a name means, and prints all there is to know about it as one list of JSON, as Docker does. */
import { Problem } from "#proto/kit/problem.ts";
import type { ContainerDetails } from "#proto/resources/container-request.ts";
import type { ImageDetails } from "#proto/resources/image-request.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { jsonOf } from "../../printers/json.ts";
import { parseTemplate, render } from "../../printers/placeholders.ts";
import { usageProblem } from "../../program-options.ts";
import { askContainer } from "../ask-container.ts";
import { NodeImages } from "../image/node-images.ts";
import { containerOf } from "../pod-of.ts";
import { parseOne } from "../targets.ts";

export interface InspectFlags {
  readonly container?: string;
  readonly type?: "pod" | "container" | "node" | "image";
  readonly format?: string;
  readonly size?: boolean;
}

type Facts = Readonly<Record<string, unknown>>;

export async function runInspect(
  names: readonly string[],
  flags: InspectFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const template = flags.format === undefined ? undefined : parseTemplate(flags.format);
  await withConnection(global, environment, async (connection) => {
    const found: Facts[] = [];
    for (const name of names) found.push(...(await factsOf(name, flags, connection, environment)));
    environment.out.write(template ? render(template, found) : jsonOf(found));
  });
}

async function factsOf(
  word: string,
  flags: InspectFlags,
  connection: Connection,
  environment: Environment,
): Promise<readonly Facts[]> {
  const pod = (name: string): Promise<readonly Facts[]> => podFacts(name, flags, connection, environment);
  const node = async (name: string): Promise<readonly Facts[]> => [
    { ...withoutBookkeeping(await connection.api.get("nodes", "", name)) },
  ];
  const image = (name: string): Promise<readonly Facts[]> => imageFacts(name, connection, environment);
  const byType = { pod, container: pod, node, image };
  if (flags.container !== undefined) return pod(parseOne([word], "pods").name);
  if (flags.type !== undefined) return byType[flags.type](word);
  const [kind] = word.split("/");
  if (kind !== undefined && ["pod", "pods", "po"].includes(kind.toLowerCase())) return pod(parseOne([word]).name);
  if (kind !== undefined && ["node", "nodes", "no"].includes(kind.toLowerCase())) return node(parseOne([word]).name);
  for (const look of [pod, node, image]) {
    try {
      return await look(word);
    } catch (thrown) {
      if (!Problem.is(thrown, "not-found") && !(Problem.is(thrown, "bad-request") && /[/:@]/.test(word))) throw thrown;
    }
  }
  throw new Problem("not-found", `there is no pod, node or image "${word}"`, {
    hint: "orchctl ps -a, orchctl get nodes and orchctl images list them",
  });
}

/** Who changed which field when says nothing about how it is. */
function withoutBookkeeping(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function podFacts(
  name: string,
  { container, size = false }: InspectFlags,
  connection: Connection,
  environment: Environment,
): Promise<readonly Facts[]> {
  const object = await connection.api.get("pods", connection.namespace, name);
  const pod = object as unknown as Pod;
  const wanted = container === undefined ? "" : containerOf(pod, container);
  const request = { verb: "inspect", size } as const;
  const node = pod.spec.nodeName;
  const containers =
    node === undefined
      ? []
      : (
          await askContainer<{ readonly containers: readonly ContainerDetails[] }>(
            ...([connection, pod, wanted, request, environment] as const),
          )
        ).containers;
  if (container === undefined) return [{ ...withoutBookkeeping(object), containers }];
  const [one] = containers;
  if (!one) throw new Problem("unavailable", `pod ${name} is on no node yet: nothing is known of its containers`);
  return [{ ...one, pod: name, namespace: connection.namespace, node }];
}

async function imageFacts(name: string, connection: Connection, environment: Environment): Promise<readonly Facts[]> {
  const images = new NodeImages(connection, environment);
  const nodes = await images.nodes(undefined);
  const answers = await Promise.allSettled(
    nodes.map((node) => images.ask<ImageDetails>(node, { verb: "inspect", image: name })),
  );
  const found = answers.flatMap((answer, index) =>
    answer.status === "fulfilled" ? [{ node: nodes[index] ?? "", details: answer.value }] : [],
  );
  const [first] = found;
  if (first) return [{ ...first.details, nodes: found.map(({ node }) => node) }];
  const failure = answers.find((answer) => answer.status === "rejected");
  throw failure ? Problem.from(failure.reason) : usageProblem("no node is there to ask");
}
