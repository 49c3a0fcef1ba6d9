/** Documents of files, sent one by one after all of them were checked: here by their schemas, there by a dry run. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { WriteAnswer } from "../client/api-client.ts";
import type { Connection } from "../client/connect.ts";
import { type Checked, located, locatedWarning } from "../commands/apply/check.ts";
import type { Environment } from "../environment.ts";
import { nameOf } from "../printers/objects.ts";

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
  for (const document of documents) {
    try {
      await send(document, true);
    } catch (thrown) {
      environment.signal.throwIfAborted();
      const problem = Problem.from(thrown);
      // Its namespace comes with the same files: the server cannot know it yet.
      if (problem.code === "not-found" && created.has(document.namespace)) continue;
      if (problem.code === "unavailable" || problem.code === "timeout" || problem.code === "unauthenticated")
        throw problem;
      problems.push({ document, problem });
    }
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

/** When one is refused half-way, says which were sent and which were not. */
export async function sendAll(
  documents: readonly Document[],
  { send, dryRun, done, onSent }: SendOptions,
  environment: Environment,
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  for (const [index, document] of documents.entries()) {
    try {
      const answer = await send(document, dryRun);
      const warnings = answer.warnings.map((warning) => locatedWarning(document.manifest, warning));
      onSent(document, { ...answer, warnings });
      sent.push({ document, object: answer.object });
    } catch (thrown) {
      environment.signal.throwIfAborted();
      const problem = Problem.from(thrown);
      const fates = documents.map((one, at) => ({
        message: `${at < index ? done : `not ${done}`}: ${nameOf(one.definition, one.object)}`,
      }));
      throw new Problem(problem.code, `${nameOf(document.definition, document.object)}: ${problem.message}`, {
        causes: [...problem.causes, ...(documents.length > 1 ? fates : [])],
        ...(problem.hint !== undefined && { hint: problem.hint }),
      });
    }
  }
  return sent;
}
