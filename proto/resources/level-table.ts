/** The fields that are accepted without effect or refused, as Markdown: the generated part of docs/differences.md. */
import { type FieldLevel, fieldLevels } from "./explain.ts";
import type { ResourceDefinition } from "./registry.ts";

/** Fields of every kind, said once. */
const common = "metadata.";
/** Where one kind holds another: said with the other. */
const template = "spec.template.";
/** Lists of the same type as `spec.containers`: said with it. */
const containerLists = /^spec\.(?:initContainers|ephemeralContainers)\./;

export function levelTables(definitions: readonly ResourceDefinition[]): string {
  const pod = definitions.find(({ kind }) => kind === "Pod");
  const podFields = new Map((pod === undefined ? [] : fieldLevels(pod)).map((one) => [one.path, one]));
  const isSaidAlready = ({ path, level, reason }: FieldLevel): boolean => {
    const elsewhere = path.startsWith(template)
      ? path.slice(template.length)
      : path.replace(containerLists, "spec.containers.");
    const there = podFields.get(elsewhere);
    return elsewhere !== path && there?.level === level && there.reason === reason;
  };
  const everywhere = commonTo(definitions);
  const tables = definitions.map((definition) => {
    const own = fieldLevels(definition).filter((one) => !everywhere.has(one.path) && !isSaidAlready(one));
    return section(
      definition.kind,
      own,
      definition.kind !== "Pod" && definition.type.fields.has("spec") ? definition : undefined,
    );
  });
  const shared = [...everywhere.values()];
  return [section("All kinds", shared, undefined), ...tables].filter((text) => text !== "").join("\n");
}

function commonTo(definitions: readonly ResourceDefinition[]): ReadonlyMap<string, FieldLevel> {
  const [first, ...others] = definitions.map((definition) =>
    fieldLevels(definition).filter(({ path }) => path.startsWith(common)),
  );
  const shared = (first ?? []).filter((one) => others.every((levels) => levels.some(({ path }) => path === one.path)));
  return new Map(shared.map((one) => [one.path, one]));
}

function section(title: string, fields: readonly FieldLevel[], owner: ResourceDefinition | undefined): string {
  if (fields.length === 0) return "";
  const hasTemplate = owner !== undefined && fieldLevels(owner).some(({ path }) => path.startsWith(template));
  const note = hasTemplate ? "\nBesides what the table of Pod says of its template.\n" : "";
  const rows = fields.map(
    ({ path, level, reason }) =>
      `| \`${path}\` | ${level === "accepted" ? "no effect" : "refused"} | ${cell(reason)} |`,
  );
  return `### ${title}\n${note}\n| Field | | Why |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
