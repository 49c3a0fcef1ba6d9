/**
 * Where V8 may keep compiled code between two runs, which halves the time that starting takes. Code that is read back is code
 * that is run: so the folder belongs to the user who runs it and nobody else can write to it; root never reads a user's.
 */
import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface CacheOwner {
  readonly uid: number;
  readonly home: string | undefined;
  /** $XDG_CACHE_HOME */
  readonly cacheHome: string | undefined;
}

/** Files of builds that are gone pile up; beyond this many all are made anew. */
const maxFiles = 1000;

/** Pure. */
export function cacheFolder({ uid, home, cacheHome }: CacheOwner): string | undefined {
  if (uid === 0) return "/var/cache/orch/orchctl";
  const base = cacheHome?.startsWith("/") ? cacheHome : home?.startsWith("/") ? join(home, ".cache") : undefined;
  return base === undefined ? undefined : join(base, "orch/orchctl");
}

/** Makes the folder, or answers undefined where there can be none that is safe. Never throws: it is only about speed. */
export function prepareCacheFolder(folder: string, uid: number): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) return undefined;
    for (const entry of readdirSync(folder))
      if (readdirSync(join(folder, entry)).length > maxFiles) rmSync(join(folder, entry), { recursive: true });
    return folder;
  } catch {
    return undefined;
  }
}
