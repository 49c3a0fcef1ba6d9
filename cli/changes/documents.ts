/** Documents of files, sent kind by kind after all of them were checked: here by their schemas, there by a dry run. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { WriteAnswer } from "../client/api-client.ts";
import type { Connection } from "../client/connect.ts";
import { type Checked, located, locatedWarning } from "../commands/apply/check.ts";
import type { Environment } from "../environment.ts";
import { nameOf } from "../printers/objects.ts";
import { meetsAll, runsOfOneKind, settledInOrder, writesAtOnce } from "./at-once.ts";

export interface Document extends Checked {
  /** Empty for kinds that have none. */
  readonly namespace: string;
}

export interface Sent {
  readonly document: Document;
  readonly object: KubeObject;
}

export type Send = (document: Document, dryRun: boolean) => Promise<WriteAnswer>;

export const placed = (one: Checked, { namespace }: Pick<Connection, "namespace">): Document => ({
  ...one,
  namespace: one.definition.namespaced ? (one.namespace ?? namespace) : "",
});

/** The object with the namespace it goes to. */
export const bodyOf = ({ object, namespace }: Document): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, ...(namespace !== "" && { namespace }) },
});

/** `done` as `applied`. Throws what the server refuses (conflicts, quotas, immutable fields), all of it at once. */
export async function checkThere(
  documents: readonly Document[],
  send: Send,
  done: string,
  environment: Environment,
): Promise<void> {
  const created = new Set(
    documents.filter((one) => one.definition.kind === "Namespace").map((one) => one.object.metadata.name),
  );
  const problems: { readonly document: Document; readonly problem: Problem }[] = [];
  for await (const settled of settledInOrder(documents, writesAtOnce, (document) => send(document, true))) {
    if (settled.done) continue;
    environment.signal.throwIfAborted();
    const { item: document } = settled;
    const problem = Problem.from(settled.thrown);
    // Its namespace comes with the same files: the server cannot know it yet.
    if (problem.code === "not-found" && created.has(document.namespace)) continue;
    if (meetsAll(problem) || problem.code === "timeout") throw problem;
    problems.push({ document, problem });
  }
  const [first] = problems;
  if (!first) return;
  const causes = problems.flatMap(({ document, problem }) =>
    (problem.causes.length > 0 ? problem.causes : [{ message: problem.message }]).map((cause) => ({
      message: located(document.manifest, cause),
    })),
  );
  throw new Problem(
    first.problem.code,
    `nothing was ${done}: the server refused ${problems.length} of ${documents.length} documents`,
    { causes, ...(first.problem.hint !== undefined && { hint: first.problem.hint }) },
  );
}

export interface SendOptions {
  readonly send: Send;
  readonly dryRun: boolean;
  /** As `applied`. */
  readonly done: string;
  readonly onSent: (document: Document, answer: WriteAnswer) => void;
}

/**
 * Those of one kind at once, kind after kind. `onSent` hears of each in the documents' order. Once one is refused none is begun any more;
 * throws the first of the refusals, and which were sent and which were not.
 */
export async function sendAll(
  documents: readonly Document[],
  { send, dryRun, done, onSent }: SendOptions,
  environment: Environment,
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  let refused: { readonly document: Document; readonly thrown: unknown } | undefined;
  let isStopped = false;
  const sendUnlessStopped = async (document: Document): Promise<WriteAnswer | undefined> => {
    if (isStopped) return undefined;
    try {
      return await send(document, dryRun);
    } catch (thrown) {
      isStopped = true;
      throw thrown;
    }
  };
  for (const alike of runsOfOneKind(documents)) {
    for await (const settled of settledInOrder(alike, writesAtOnce, sendUnlessStopped)) {
      const { item: document } = settled;
      if (!settled.done) refused ??= { document, thrown: settled.thrown };
      const answer = settled.done ? settled.result : undefined;
      if (!answer) continue;
      const warnings = answer.warnings.map((warning) => locatedWarning(document.manifest, warning));
      onSent(document, { ...answer, warnings });
      sent.push({ document, object: answer.object });
    }
  }
  if (!refused) return sent;
  environment.signal.throwIfAborted();
  const problem = Problem.from(refused.thrown);
  const { definition, object } = refused.document;
  throw new Problem(problem.code, `${nameOf(definition, object)}: ${problem.message}`, {
    causes: [...problem.causes, ...fates(documents, sent, done)],
    ...(problem.hint !== undefined && { hint: problem.hint }),
  });
}

/** Of more documents than this only the number is told: whoever repeats the command finds those that are done unchanged. */
const mostToldApart = 40;

/** What became of each document when one of several was refused. */
function fates(documents: readonly Document[], sent: readonly Sent[], done: string): readonly { message: string }[] {
  if (documents.length === 1) return [];
  if (documents.length > mostToldApart) return [{ message: `${done}: ${sent.length} of ${documents.length}` }];
  const wereSent = new Set(sent.map(({ document }) => document));
  return documents.map((one) => ({
    message: `${wereSent.has(one) ? done : `not ${done}`}: ${nameOf(one.definition, one.object)}`,
  }));
}
