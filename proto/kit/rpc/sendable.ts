/** What may be sent as a message: any part of its fields, as plain objects. protobufjs encodes exactly that. */
export type Sendable<T> = T extends Uint8Array | string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Sendable<Item>[]
    : T extends object
      ? { readonly [Field in keyof T]?: Sendable<T[Field]> | null | undefined }
      : T;
