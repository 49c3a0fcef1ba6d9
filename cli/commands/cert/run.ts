/** Shows and revokes certificates. */
import { readCertificate } from "#proto/identity/certificate.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { CertificateList, CertificateSummary, RevocationAnswer } from "#proto/resources/administration.ts";
import { administrationService } from "#proto/wire/generated/services/administration.ts";
import { currentContext } from "../../context/current-context.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { jsonOf } from "../../printers/json.ts";
import { renderTable, visible } from "../../printers/table.ts";
import { ask } from "../administration.ts";

export interface StatusFlags {
  readonly all?: boolean;
  readonly output?: string;
}

export interface RevokeFlags {
  readonly reason?: string;
  readonly yes?: boolean;
}

export async function printCertificates(
  flags: StatusFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const list = await ask<CertificateList>(
    (rpc, options) => rpc.unary(administrationService.listCertificates, {}, options),
    global,
    environment,
  );
  environment.out.write(flags.output === "json" ? jsonOf(list) : renderCertificates(list, flags.all === true));
}

/** Pure. */
export function renderCertificates(list: CertificateList, all: boolean): string {
  const shown = list.certificates.filter(
    ({ state, note }) => all || !["replaced", "expired"].includes(state) || note !== undefined,
  );
  const rows = shown.map((one) => [
    one.kind,
    nameOf(one),
    one.groups.filter((group) => group !== "system:nodes").join(","),
    one.serial,
    short(one.expiresAt),
    one.renewsBy === undefined ? (one.kind === "person" && isGood(one) ? "by hand" : "") : short(one.renewsBy),
    one.note === undefined ? one.state : `${one.state}: ${one.note}`,
  ]);
  const table = renderTable(["KIND", "WHO", "GROUPS", "SERIAL", "EXPIRES", "RENEWED BY", "STATE"], rows);
  const hidden = list.certificates.length - shown.length;
  const more = hidden > 0 ? `\n${hidden} that were replaced or have expired are not shown (--all).\n` : "";
  const warnings = list.warnings.map((warning) => `! ${visible(warning)}\n`).join("");
  return `${table}${more}${warnings === "" ? "" : `\n${warnings}`}`;
}

const isGood = ({ state }: CertificateSummary): boolean => state === "in use" || state === "given out";
const nameOf = ({ kind, user }: CertificateSummary): string =>
  kind === "node" ? user.replace(/^system:node:/, "") : user;
const short = (instant: string): string => instant.slice(0, 16).replace("T", " ");

export async function revoke(
  who: string,
  flags: RevokeFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const isSerial = /^[0-9A-Fa-f:]{30,}$/.test(who);
  if (!flags.yes) await refuseOwn(who, isSerial, global, environment);
  const named = isSerial ? { serial: who, user: "" } : { serial: "", user: who };
  const { revoked } = await ask<RevocationAnswer>(
    (rpc, options) =>
      rpc.unary(administrationService.revokeCertificates, { ...named, reason: flags.reason ?? "" }, options),
    global,
    environment,
  );
  for (const { serial, user } of revoked) environment.out.write(`certificate ${serial} of ${user} revoked\n`);
  if (revoked.length === 0) environment.out.write(`${who} holds no certificate that is still good\n`);
}

/** Whoever locks themselves out by accident cannot undo it. */
async function refuseOwn(
  who: string,
  isSerial: boolean,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const { clientCertificate } = await currentContext(global, environment);
  const own = readCertificate(clientCertificate);
  const isOwn = isSerial ? who.replaceAll(":", "").toUpperCase() === own.serialNumber : who === own.user;
  if (!isOwn) return;
  throw new Problem("conflict", `this is the certificate you are using: without it you are locked out`, {
    hint: "if that is meant, repeat with --yes; on the control plane's machine, admin.yaml in its data directory is made anew when it is removed and the control plane restarts",
  });
}
