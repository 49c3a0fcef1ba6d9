/** Defaults and rules for Registries. */
import type { ImageRegistry } from "../image-registry.ts";
import { dnsLabel, dnsSubdomain } from "../name-rules.ts";
import type { Path } from "../schema/field-path.ts";
import { type Findings, quote } from "../schema/findings.ts";
import type { RulesFor } from "./rules-for.ts";
import { checkUnique } from "./unique.ts";

const most = { hosts: 100, mirrors: 16, tokenHosts: 16, bundleBytes: 256 * 1024 } as const;
const host = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?$/;
const path = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const pem = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/;

export const registryRules: RulesFor<ImageRegistry> = {
  validate({ spec }, findings) {
    if (spec.hosts.length === 0) findings.required(["spec", "hosts"], "must name at least one host");
    checkCount(spec.hosts, most.hosts, ["spec", "hosts"], findings);
    for (const [i, text] of spec.hosts.entries()) findings.check(["spec", "hosts", i], hostProblem(text));
    checkUnique(spec.hosts, (i) => ["spec", "hosts", i], findings);
    checkTrust(spec, ["spec"], spec.plainHTTP === true, findings);
    const mirrors = spec.mirrors ?? [];
    checkCount(mirrors, most.mirrors, ["spec", "mirrors"], findings);
    for (const [i, mirror] of mirrors.entries()) {
      const at: Path = ["spec", "mirrors", i];
      findings.check([...at, "url"], urlProblem(mirror.url));
      checkTrust(mirror, at, mirror.url.startsWith("http:"), findings);
    }
    checkUnique(
      mirrors.map(({ url }) => url),
      (i) => ["spec", "mirrors", i, "url"],
      findings,
    );
  },
};

/** `HOST[:PORT][/PATH]`. */
function hostProblem(text: string): string | undefined {
  if (/^https?:\/\//.test(text)) return `must be written without ${quote(`${text.split("//")[0]}//`)}`;
  const slash = text.indexOf("/");
  const name = slash < 0 ? text : text.slice(0, slash);
  if (!host.test(name)) return `must begin with a host, as \`registry.example:5000\`, not ${quote(text)}`;
  if (slash >= 0 && !path.test(text.slice(slash + 1))) return "has a path that no repository can have";
  return undefined;
}

function urlProblem(text: string): string | undefined {
  if (!/^https?:\/\//.test(text)) return "must begin with `https://`, or with `http://` for plain HTTP";
  if (!URL.canParse(text)) return "is not a URL";
  const { username, password, search, hash, pathname } = new URL(text);
  if (username !== "" || password !== "") return "must hold no credentials: use credentialsSecretRef";
  if (search !== "" || hash !== "") return "must end with its path";
  const prefix = pathname.replace(/^\/|\/$/g, "");
  if (prefix !== "" && !path.test(prefix)) return "has a path that no repository can have";
  return undefined;
}

interface Trust {
  readonly caBundle?: string | undefined;
  readonly insecureSkipTLSVerify?: boolean | undefined;
  readonly tokenHosts?: readonly string[] | undefined;
  readonly credentialsSecretRef?: { readonly name: string; readonly namespace?: string | undefined } | undefined;
}

function checkTrust(trust: Trust, at: Path, isPlain: boolean, findings: Findings): void {
  const { caBundle, insecureSkipTLSVerify, tokenHosts = [], credentialsSecretRef } = trust;
  if (caBundle !== undefined) {
    findings.check([...at, "caBundle"], bundleProblem(caBundle));
    if (isPlain) findings.forbidden([...at, "caBundle"], "means nothing with plain HTTP");
    else if (insecureSkipTLSVerify) findings.forbidden([...at, "caBundle"], "means nothing with insecureSkipTLSVerify");
  }
  if (insecureSkipTLSVerify && isPlain)
    findings.forbidden([...at, "insecureSkipTLSVerify"], "means nothing with plain HTTP");
  checkCount(tokenHosts, most.tokenHosts, [...at, "tokenHosts"], findings);
  for (const [i, name] of tokenHosts.entries())
    if (!host.test(name)) findings.invalid([...at, "tokenHosts", i], `must be HOST[:PORT], not ${quote(name)}`);
  if (credentialsSecretRef === undefined) return;
  findings.check([...at, "credentialsSecretRef", "name"], dnsSubdomain(credentialsSecretRef.name));
  const { namespace } = credentialsSecretRef;
  if (namespace !== undefined) findings.check([...at, "credentialsSecretRef", "namespace"], dnsLabel(namespace));
}

function bundleProblem(text: string): string | undefined {
  if (text.length > most.bundleBytes) return `must be no more than ${most.bundleBytes} bytes`;
  const isPem = pem.test(text) || pem.test(Buffer.from(text, "base64").toString("latin1"));
  return isPem ? undefined : "must hold certificates in PEM, as `-----BEGIN CERTIFICATE-----` …, or base64 of that";
}

function checkCount(given: readonly unknown[], limit: number, at: Path, findings: Findings): void {
  if (given.length > limit) findings.add(at, "FieldValueTooMany", `must have no more than ${limit} entries`);
}
