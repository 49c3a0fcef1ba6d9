/** Opens objects in an editor until what was written is taken, or left as it was. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ValidationMode } from "#proto/resources/registry.ts";
import { editable } from "../../changes/editable.ts";
import type { ChangeFlags } from "../../changes/flags.ts";
import { isRecord, type Json, mergeDifference, merged, overlaps } from "../../changes/merge.ts";
import { eachInTurn, Report, validationOf, writeQuery } from "../../changes/report.ts";
import { type Selected, selectObjects } from "../../changes/select.ts";
import type { WriteAnswer } from "../../client/api-client.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { parseManifests } from "../../manifests/parse-manifests.ts";
import { nameOf } from "../../printers/objects.ts";
import { yamlOf } from "../../printers/yaml.ts";
import { usageProblem } from "../../program-options.ts";
import { EditedFile, withoutHeader } from "./edited-file.ts";

export interface EditFlags extends ChangeFlags {
  readonly validate: ValidationMode | "true" | "false";
}

/** An editor that always writes something else would never end. */
const maxRounds = 50;
const maxRaces = 10;

interface Tools {
  readonly flags: EditFlags;
  readonly connection: Connection;
  readonly report: Report;
  readonly environment: Environment;
}

export async function runEdit(
  words: readonly string[],
  flags: EditFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  if (flags.dryRun === "client") throw usageProblem("this can be tried on the server only", "use --dry-run=server");
  const report = await Report.open(flags, environment);
  await withConnection(global, environment, async (connection) => {
    const selected = await selectObjects({ words, flags: {}, global }, connection, environment);
    await eachInTurn(selected, "edited", environment, (one) =>
      editOne(one, { flags, connection, report, environment }),
    );
    report.close();
  });
}

async function editOne(one: Selected, { flags, connection, report, environment }: Tools): Promise<void> {
  const name = nameOf(one.definition, one.object);
  const file = new EditedFile(name, environment);
  let base = one.object;
  let text = yamlOf(editable(base));
  let problem: Problem | undefined;
  for (let round = 0; round < maxRounds; round++) {
    const written = withoutHeader(await file.edit(text, problem));
    if (written.trim() === "" || written === text) break;
    text = written;
    try {
      const wanted = parsed(file.text(), one);
      const sent = await send(one, base, wanted, { flags, connection });
      if (sent.kind === "answer") {
        report.add(one.definition, sent.answer, "edited");
        return file.remove();
      }
      base = sent.newest;
      text = yamlOf(sent.laidOver);
      problem = sent.problem;
    } catch (thrown) {
      if (!(thrown instanceof Problem) || !isMendable(thrown)) throw file.kept(thrown);
      problem = thrown;
    }
  }
  if (problem) throw file.kept(problem);
  file.remove();
  environment.err.write(`${name}: nothing was changed.\n`);
}

const isMendable = ({ code }: Problem): boolean =>
  ["invalid", "bad-request", "unsupported", "conflict", "too-large", "forbidden"].includes(code);

/** The one object of the text; what is wrong is told with its line. */
function parsed(text: string, { object }: Selected): KubeObject {
  const manifests = parseManifests(text, "line");
  const [manifest] = manifests;
  if (!manifest || manifests.length > 1) throw new Problem("bad-request", "the file must hold exactly this one object");
  const { apiVersion, kind, metadata } = manifest.object;
  const isSame =
    apiVersion === object.apiVersion &&
    kind === object.kind &&
    metadata.name === object.metadata.name &&
    metadata.namespace === object.metadata.namespace;
  if (!isSame)
    throw new Problem("bad-request", "apiVersion, kind, name and namespace cannot change", {
      hint: "to make another object use orchctl create -f",
    });
  return manifest.object;
}

type Outcome =
  | { readonly kind: "answer"; readonly answer: WriteAnswer }
  /** Somebody else changed the same fields: `laidOver` is the newest object with our changes. */
  | { readonly kind: "clash"; readonly newest: KubeObject; readonly laidOver: KubeObject; readonly problem: Problem };

/** Only what differs is changed, on the newest version: what others change in other fields meanwhile stays. */
async function send(
  { definition, namespace, name }: Selected,
  base: KubeObject,
  wanted: KubeObject,
  { flags, connection: { api } }: Pick<Tools, "flags" | "connection">,
): Promise<Outcome> {
  const patch = mergeDifference(editable(base), wanted);
  const address = { resource: definition.resource, namespace, name };
  if (patch === undefined) return { kind: "answer", answer: { object: base, warnings: [], outcome: "unchanged" } };
  let newest = base;
  for (let race = 0; race < maxRaces; race++) {
    const clash = overlaps(patch, mergeDifference(editable(base), editable(newest)) ?? {});
    if (clash.length > 0) return clashed(clash, patch, newest);
    try {
      const options = { ...writeQuery(flags), validation: validationOf(flags.validate) };
      return { kind: "answer", answer: await api.update(address, merged(newest, patch) as KubeObject, options) };
    } catch (thrown) {
      if (!Problem.is(thrown, "conflict")) throw thrown;
      newest = await api.get(definition.resource, namespace, name);
    }
  }
  throw new Problem("conflict", `${name} changes too fast`, { hint: "save again in a moment" });
}

function clashed(paths: readonly string[], patch: unknown, newest: KubeObject): Outcome {
  const shown = editable(newest);
  const valueAt = (path: string): unknown =>
    path.split(".").reduce<unknown>((value, part) => (isRecord(value) ? value[part] : undefined), shown as Json);
  const causes = paths.map((path) => ({ path, message: `is ${JSON.stringify(valueAt(path)) ?? "gone"} there now` }));
  const problem = new Problem(
    "conflict",
    "somebody else changed the same fields meanwhile; below stands your version",
    {
      causes,
      hint: "save it (with any change) to replace theirs, or leave the editor without saving to keep theirs",
    },
  );
  return { kind: "clash", newest, laidOver: merged(shown, patch) as KubeObject, problem };
}
