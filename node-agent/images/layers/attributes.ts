/** What a file of a layer is besides its content. */

/** As they shall be, in the limits of a file system. */
export interface Attributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: { readonly seconds: number; readonly nanoseconds: number };
  readonly xattrs: ReadonlyMap<string, Buffer>;
}
