/** Names of what is no object of the API: images, join tokens, holders of certificates. */
import type { CertificateList, JoinTokenSummary } from "#proto/resources/administration.ts";
import type { Connection } from "../../client/connect.ts";
import type { Environment } from "../../environment.ts";
import { visible } from "../../printers/table.ts";
import type { Candidate } from "./candidate.ts";

export type OtherNames = "images" | "tokens" | "holders";

export const otherNames: Readonly<
  Record<OtherNames, (connection: Connection, environment: Environment) => Promise<readonly Candidate[]>>
> = { images, tokens, holders };

async function images(connection: Connection, environment: Environment): Promise<readonly Candidate[]> {
  const { NodeImages, familiar } = await import("../image/node-images.ts");
  const known = new NodeImages(connection, environment);
  const found = await known.list(await known.nodes(undefined));
  const tags = found.flatMap(({ image }) => image.names.filter((name) => !name.includes("@")));
  return [...new Set(tags)].map((tag) => ({ word: visible(familiar(tag)), text: "" }));
}

/** Those that let a machine in. */
async function tokens({ api }: Connection, { signal }: Environment): Promise<readonly Candidate[]> {
  const { administrationService } = await import("#proto/wire/generated/services/administration.ts");
  const { body } = await api.rpc.unary(administrationService.listJoinTokens, {}, { signal });
  return parsed<readonly JoinTokenSummary[]>(body)
    .filter(({ state }) => state === "good")
    .map(({ id, description }) => ({ word: visible(id), text: visible(description) }));
}

/** Those whose certificate could be revoked. */
async function holders({ api }: Connection, { signal }: Environment): Promise<readonly Candidate[]> {
  const { administrationService } = await import("#proto/wire/generated/services/administration.ts");
  const { body } = await api.rpc.unary(administrationService.listCertificates, {}, { signal });
  return parsed<CertificateList>(body)
    .certificates.filter(({ kind }) => kind === "node" || kind === "person")
    .filter(({ state }) => state === "in use" || state === "given out")
    .map(({ kind, user }) => ({ word: visible(user.replace(/^system:node:/, "")), text: kind }));
}

/** `Body` is what the called method is documented to answer. */
const parsed = <Body>(body: Uint8Array): Body => JSON.parse(Buffer.from(body).toString("utf8")) as Body;
