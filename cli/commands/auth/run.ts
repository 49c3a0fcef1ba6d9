/** Asks the control plane what it would allow: by the reviews of Kubernetes' authorization API. */
import { X509Certificate } from "node:crypto";
import { rootUser } from "#proto/identity/names.ts";
import { findEntry, suggestResource } from "#proto/resources/catalog.ts";
import { formatAge } from "#proto/resources/duration.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { exitCodes } from "../../exit-codes.ts";
import { jsonOf } from "../../printers/json.ts";
import { renderTable, visible } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";

export interface CanFlags {
  readonly list?: boolean;
  readonly allNamespaces?: boolean;
  readonly subresource?: string;
  readonly quiet?: boolean;
  readonly output?: string;
}

export interface CanRequest {
  readonly verb: string | undefined;
  readonly target: string | undefined;
  readonly name: string | undefined;
  readonly flags: CanFlags;
}

const authorization = "authorization.k8s.io";
const knownVerbs = new Set(["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "*"]);

export async function runCanI(request: CanRequest, global: GlobalOptions, environment: Environment): Promise<void> {
  const { flags } = request;
  const asked = flags.list ? undefined : attributesOf(request);
  await withConnection(global, environment, async (connection) => {
    if (!asked) return list(flags, connection, environment);
    const namespace = flags.allNamespaces || !asked.namespaced ? "" : connection.namespace;
    const { namespaced: _, ...attributes } = asked;
    const spec = { resourceAttributes: { ...attributes, namespace } };
    const status = (await review(connection, "SelfSubjectAccessReview", spec)) as { allowed: boolean; reason?: string };
    if (!status.allowed) environment.setExitCode(exitCodes.failed);
    if (flags.quiet) return;
    if (flags.output === "json") environment.out.write(jsonOf({ ...spec.resourceAttributes, ...status }));
    else environment.out.write(status.allowed ? "yes\n" : `no${status.reason ? ` - ${visible(status.reason)}` : ""}\n`);
  });
}

interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  readonly namespaced: boolean;
}

function attributesOf({ verb, target, name, flags }: CanRequest): Attributes {
  if (verb === undefined || target === undefined)
    throw usageProblem(
      "what is to be allowed?",
      "as in: orchctl auth can-i create deployments   or: orchctl auth can-i --list",
    );
  if (!knownVerbs.has(verb))
    throw usageProblem(`there is no verb "${verb}"`, `verbs are ${[...knownVerbs].join(", ")}`);
  const [kind = "", ofSlash = "", ...more] = target.split("/");
  if (more.length > 0 || (name !== undefined && ofSlash !== "" && !isSubresource(kind, ofSlash)))
    throw usageProblem(`"${target}" is no KIND or KIND/NAME`);
  const common = { verb, subresource: flags.subresource ?? "", name: name ?? ofSlash };
  if (kind === "*") return { ...common, group: "*", resource: "*", namespaced: true };
  const entry = findEntry(kind);
  // What is allowed besides kinds has no entry: join tokens and the like.
  const [plural = "", ...group] = kind.split(".");
  if (!entry && group.join(".") !== "orch") {
    const near = suggestResource(kind);
    throw usageProblem(
      `there is no kind "${kind}"`,
      near ? `did you mean ${near}?` : "orchctl api-resources lists what there is",
    );
  }
  // `pods/exec` means the subresource: no pod that is named so is asked about.
  const isPart = flags.subresource === undefined && isSubresource(kind, ofSlash);
  const part = isPart ? { subresource: ofSlash, name: name ?? "" } : {};
  return entry
    ? { ...common, ...part, group: entry.group, resource: entry.plural, namespaced: entry.namespaced }
    : { ...common, group: group.join("."), resource: plural, namespaced: false };
}

const isSubresource = (kind: string, word: string): boolean => findEntry(kind)?.subresources.includes(word) === true;

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
}

async function list({ output }: CanFlags, connection: Connection, { out }: Environment): Promise<void> {
  const { namespace } = connection;
  const status = await review(connection, "SelfSubjectRulesReview", { namespace });
  const rules = (status.resourceRules ?? []) as readonly Rule[];
  if (output === "json") return out.write(jsonOf(rules));
  const rows = rules.map(({ verbs, apiGroups, resources }) => [
    resources.map((resource) => (apiGroups[0] ? `${resource}.${apiGroups[0]}` : resource)).join(", "),
    verbs.join(", "),
  ]);
  out.write(
    rows.length === 0 ? "Nothing is allowed.\n" : renderTable([`RESOURCE (namespace ${namespace})`, "VERBS"], rows),
  );
}

async function review({ api }: Connection, kind: string, spec: object): Promise<Readonly<Record<string, unknown>>> {
  const body = { apiVersion: `${authorization}/v1`, kind, metadata: { name: "" }, spec };
  const { object } = await api.create(`${kind.toLowerCase()}s.${authorization}`, "", body);
  return (object.status ?? {}) as Readonly<Record<string, unknown>>;
}

export async function runWhoami(
  { output }: { readonly output?: string },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async ({ api, context, namespace }) => {
    const body: KubeObject = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "SelfSubjectReview",
      metadata: { name: "" },
    };
    const { object } = await api.create("selfsubjectreviews.authentication.k8s.io", "", body);
    const { userInfo } = object.status as { userInfo: { username: string; groups: readonly string[] } };
    const until = new X509Certificate(context.clientCertificate).validToDate.toISOString();
    const { out } = environment;
    const facts = {
      ...userInfo,
      cluster: context.cluster,
      context: context.name,
      server: context.server,
      namespace,
      certificateValidUntil: until,
    };
    if (output === "name") return out.write(`${visible(userInfo.username)}\n`);
    if (output === "json") return out.write(jsonOf(facts));
    if (output === "yaml") return out.write((await import("../../printers/yaml.ts")).yamlOf(facts));
    const left = formatAge(new Date(environment.clock.nowMs()).toISOString(), Date.parse(until));
    const isRoot = userInfo.username === rootUser;
    const rows = [
      ["User", userInfo.username],
      ["Groups", userInfo.groups.join(", ") || "none"],
      ["Cluster", `${context.cluster} at ${context.server}`],
      ["Context", `${context.name}, namespace ${namespace}`],
      ["Certificate", `${isRoot ? "not needed by root of this machine; " : ""}good until ${until} (${left} more)`],
    ];
    out.write(renderTable([], rows, { headers: false }));
  });
}
