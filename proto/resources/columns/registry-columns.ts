/** Table of Registries. */
import type { ImageRegistry } from "../image-registry.ts";
import { ageColumn, type Column, nameColumn, normal, orNone, wide } from "./column.ts";

const access = ({ spec }: ImageRegistry): string => {
  if (spec.plainHTTP) return "plain HTTP";
  if (spec.insecureSkipTLSVerify) return "HTTPS, unverified";
  return spec.caBundle === undefined ? "HTTPS" : "HTTPS, own CA";
};

const secret = ({ spec: { credentialsSecretRef: ref } }: ImageRegistry): string | undefined =>
  ref && `${ref.namespace ?? "default"}/${ref.name}`;

export const registryColumns: readonly Column[] = [
  nameColumn,
  normal<ImageRegistry>("HOSTS", ({ spec }) => spec.hosts.join(",")),
  normal<ImageRegistry>("ACCESS", access),
  normal<ImageRegistry>("MIRRORS", ({ spec }) => spec.mirrors?.length ?? 0, "integer"),
  normal<ImageRegistry>("CREDENTIALS", (object) => orNone(secret(object))),
  ageColumn,
  wide<ImageRegistry>("MIRROR URLS", ({ spec }) => orNone(spec.mirrors?.map(({ url }) => url).join(","))),
];
