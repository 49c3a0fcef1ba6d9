/** What a file of a layer is besides its content. */

/** As they shall be, in the limits of a file system. */
export interface Attributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: { readonly seconds: number; readonly nanoseconds: number };
  readonly xattrs: ReadonlyMap<string, Buffer>;
}

export const noXattrs: Attributes["xattrs"] = new Map();
const madeUpMode = 0o755;

/** Of a directory that the archive does not describe. */
export function madeUp(mtime: Attributes["mtime"]): Attributes {
  return { mode: madeUpMode, uid: 0, gid: 0, mtime, xattrs: noXattrs };
}
