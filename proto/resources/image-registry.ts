/** Registry (`orch/v1`): how the nodes talk to a registry of images. Applied live on all of them. */
import type { z } from "zod";
import { typeMeta } from "./meta.ts";
import { flag, integer, list, object, required, text, works } from "./schema/fields.ts";

const secretReference = object(
  "SecretReference",
  () => ({
    name: required(text(), "A Secret of type kubernetes.io/dockerconfigjson, dockercfg or basic-auth."),
    namespace: works(text(), { doc: "Its namespace.", default: "default" }),
  }),
  { atomic: true },
);

const trust = () => ({
  caBundle: works(
    text(),
    "Certificates, in PEM, of the authority that signed its certificate; base64 of PEM is taken too. The nodes' own authorities when absent.",
  ),
  insecureSkipTLSVerify: works(
    flag(),
    "True: HTTPS without looking at the certificate. Whoever is on the way may read credentials; a caBundle is better.",
  ),
  tokenHosts: works(
    list(text()),
    "Hosts outside its own domain that give tokens for it, and so see its credentials: `auth.example`.",
  ),
  credentialsSecretRef: works(
    secretReference,
    "Credentials for every pod of the cluster; the imagePullSecrets of a pod are tried first.",
  ),
});

const mirror = object("RegistryMirror", () => ({
  url: required(
    text(),
    "`https://HOST[:PORT][/PREFIX]`; plain HTTP when it says http. The image's path is appended to the prefix.",
  ),
  resolveTags: works(flag(), {
    doc: "False: it is asked for content by digest only, and tags are resolved by the registry itself. For mirrors others can write to.",
    default: true,
  }),
  ...trust(),
}));

const limits = object("RegistryLimits", () => ({
  requestsPerSecond: works(integer(1, 10_000), "Of each node, on average. Not limited when absent."),
  concurrentDownloads: works(integer(1, 64), {
    doc: "Layers of an image that each node fetches at a time.",
    default: 3,
  }),
  stallTimeoutSeconds: works(integer(1, 3_600), {
    doc: "Longest silence, before an answer or in the middle of it; then the request is given up and tried again.",
    default: 30,
  }),
}));

export const imageRegistry = object("Registry", () => ({
  ...typeMeta("orch/v1", "Registry"),
  spec: required(
    object("RegistrySpec", () => ({
      hosts: required(
        list(text()),
        "Images it is for: `HOST[:PORT][/PATH]`, as `registry.example:5000` or `docker.io/library`. The most specific one wins.",
      ),
      plainHTTP: works(
        flag(),
        "True: HTTP without TLS, also for credentials. Only for registries on a network you trust.",
      ),
      ...trust(),
      mirrors: works(
        list(mirror),
        "Asked before the registry, in this order; what one of them cannot give, the next may.",
      ),
      limits: works(limits, "How much the nodes may ask of it."),
    })),
  ),
}));
export type ImageRegistry = z.infer<typeof imageRegistry>;
export type RegistryMirror = z.infer<typeof mirror>;
