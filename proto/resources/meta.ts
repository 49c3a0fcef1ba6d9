/** metadata, and the small types every kind uses: selectors, references. */
import type { z } from "zod";
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "./object.ts";
import {
  accepted,
  choice,
  flag,
  freeform,
  int64,
  list,
  listByKey,
  map,
  object,
  required,
  setOf,
  text,
  time,
  works,
} from "./schema/fields.ts";

export type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "./object.ts";

export const ownerReference: z.ZodType<OwnerReference> = object(
  "OwnerReference",
  () => ({
    apiVersion: required(text()),
    kind: required(text()),
    name: required(text()),
    uid: required(text()),
    controller: works(flag(), "True for the one owner that manages this object."),
    blockOwnerDeletion: works(flag(), "A foreground deletion of the owner waits for this object."),
  }),
  { atomic: true },
);

export const managedFieldsEntry: z.ZodType<ManagedFieldsEntry> = object("ManagedFieldsEntry", () => ({
  manager: required(text()),
  operation: required(choice("Apply", "Update")),
  apiVersion: required(text()),
  time: works(time()),
  fieldsType: required(choice("FieldsV1")),
  fieldsV1: required(freeform()),
  subresource: works(text()),
}));

const metaFields = () => ({
  generateName: works(text(), "Prefix of a name the server completes when `name` is absent."),
  namespace: works(text(), "Namespace the object lives in; `default` when absent. Cannot change."),
  uid: works(text(), "Set by the server: tells this object from an earlier one of the same name."),
  resourceVersion: works(text(), "Opaque version of the stored object; give it back to refuse a lost update."),
  generation: works(int64(), "Counts changes of the desired state. Set by the server."),
  creationTimestamp: works(time(), "Set by the server."),
  deletionTimestamp: works(time(), "Set by the server when a graceful deletion was asked for."),
  deletionGracePeriodSeconds: works(int64(), "Set by the server together with deletionTimestamp."),
  labels: works(map(text()), "Short keys and values that selectors match."),
  annotations: works(map(text()), "Keys and values for tools and people; nothing selects by them."),
  ownerReferences: works(listByKey(ownerReference, "uid"), "Objects this one is deleted with."),
  finalizers: works(setOf(text()), "The object stays until this list is empty."),
  managedFields: works(list(managedFieldsEntry), "Which field manager set which field. Kept by the server."),
  selfLink: accepted(text(), "Kubernetes itself no longer sets it"),
});

/** In the type it is always there; in what people send, `generateName` may stand in. */
const objectName = () =>
  works(text(), "Name, unique among objects of its kind in the namespace. Cannot change.") as z.ZodType as z.ZodString;

export const objectMeta: z.ZodType<ObjectMeta> = object("ObjectMeta", () => ({
  name: objectName(),
  ...metaFields(),
}));

/** metadata of a template: everything optional. */
export type TemplateMeta = { [K in keyof ObjectMeta]?: ObjectMeta[K] | undefined };
export const templateMeta: z.ZodType<TemplateMeta> = object("ObjectMeta", () => ({
  name: accepted(text(), "pods are named by their owner"),
  ...metaFields(),
}));

export const labelSelectorRequirement = object("LabelSelectorRequirement", () => ({
  key: required(text()),
  operator: required(choice("In", "NotIn", "Exists", "DoesNotExist")),
  values: works(list(text())),
}));
export type LabelSelectorRequirement = z.infer<typeof labelSelectorRequirement>;

const labelSelectorSchema = object(
  "LabelSelector",
  () => ({
    matchLabels: works(map(text()), "Labels that must all be present with these values."),
    matchExpressions: works(list(labelSelectorRequirement), "Conditions that must all hold."),
  }),
  { atomic: true },
);
export interface LabelSelector extends z.infer<typeof labelSelectorSchema> {}
export const labelSelector: z.ZodType<LabelSelector> = labelSelectorSchema;

export const localObjectReference = object("LocalObjectReference", () => ({ name: works(text()) }), { atomic: true });
export type LocalObjectReference = z.infer<typeof localObjectReference>;

export const objectReference = object(
  "ObjectReference",
  () => ({
    apiVersion: works(text()),
    kind: works(text()),
    name: works(text()),
    namespace: works(text()),
    uid: works(text()),
    resourceVersion: works(text()),
    fieldPath: works(text(), "Part of the object, as `spec.containers{web}`."),
  }),
  { atomic: true },
);
export type ObjectReference = z.infer<typeof objectReference>;

/** The fields of `apiVersion` and `kind`, the same for every kind. */
export const typeMeta = <const A extends string, const K extends string>(apiVersion: A, kind: K) => ({
  apiVersion: required(choice(apiVersion)),
  kind: required(choice(kind)),
  metadata: required(objectMeta, "Name, labels and bookkeeping."),
});
