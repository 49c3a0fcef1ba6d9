/** Environment variables and where their values come from. */
import type { z } from "zod";
import { flag, object, quantity, refused, required, text, works } from "../schema/fields.ts";

export const objectFieldSelector = object(
  "ObjectFieldSelector",
  () => ({
    apiVersion: works(text(), { default: "v1" }),
    fieldPath: required(text(), "As `metadata.name`, `metadata.labels['app']`, `status.podIP`, `spec.nodeName`."),
  }),
  { atomic: true },
);
export type ObjectFieldSelector = z.infer<typeof objectFieldSelector>;

export const resourceFieldSelector = object(
  "ResourceFieldSelector",
  () => ({
    containerName: works(text(), "The container itself when absent; required in volumes."),
    resource: required(text(), "As `limits.cpu` or `requests.memory`."),
    divisor: works(quantity(), { doc: "Unit of the result, as `1Mi`.", default: "0" }),
  }),
  { atomic: true },
);
export type ResourceFieldSelector = z.infer<typeof resourceFieldSelector>;

export const configMapKeySelector = object(
  "ConfigMapKeySelector",
  () => ({
    name: works(text(), "Name of the ConfigMap."),
    key: required(text()),
    optional: works(flag(), "True: the container starts without the value when it is missing."),
  }),
  { atomic: true },
);
export type ConfigMapKeySelector = z.infer<typeof configMapKeySelector>;

export const secretKeySelector = object(
  "SecretKeySelector",
  () => ({
    name: works(text(), "Name of the Secret."),
    key: required(text()),
    optional: works(flag(), "True: the container starts without the value when it is missing."),
  }),
  { atomic: true },
);
export type SecretKeySelector = z.infer<typeof secretKeySelector>;

export const fileKeySelector = object(
  "FileKeySelector",
  () => ({
    volumeName: required(text()),
    path: required(text()),
    key: required(text()),
    optional: works(flag(), { default: false }),
  }),
  { atomic: true },
);

export const envVarSource = object("EnvVarSource", () => ({
  fieldRef: works(objectFieldSelector, "A field of the pod."),
  resourceFieldRef: works(resourceFieldSelector, "A request or limit of a container."),
  configMapKeyRef: works(configMapKeySelector, "A key of a ConfigMap."),
  secretKeyRef: works(secretKeySelector, "A key of a Secret."),
  fileKeyRef: refused(fileKeySelector, "values from files that init containers write are not built yet"),
}));
export type EnvVarSource = z.infer<typeof envVarSource>;

const envVarSchema = object("EnvVar", () => ({
  name: required(text()),
  value: works(text(), "`$(NAME)` is replaced by an earlier variable; `$$(NAME)` stays as `$(NAME)`."),
  valueFrom: works(envVarSource, "Source of the value when `value` is absent."),
}));
export interface EnvVar extends z.infer<typeof envVarSchema> {}
export const envVar: z.ZodType<EnvVar> = envVarSchema;

export const envSource = object("EnvSource", () => ({
  name: works(text()),
  optional: works(flag(), "True: the container starts without it when it is missing."),
}));
export type EnvSource = z.infer<typeof envSource>;

const envFromSchema = object("EnvFromSource", () => ({
  prefix: works(text(), "Put before each key."),
  configMapRef: works(envSource, "Every key of a ConfigMap."),
  secretRef: works(envSource, "Every key of a Secret."),
}));
export interface EnvFromSource extends z.infer<typeof envFromSchema> {}
export const envFromSource: z.ZodType<EnvFromSource> = envFromSchema;
