/** orchctl. Turns the compile cache on before anything large is loaded; whole-program.ts is the program. */
import { enableCompileCache } from "node:module";
import { cacheFolder, prepareCacheFolder } from "./compile-cache.ts";

const uid = process.getuid?.();
const { HOME: home, XDG_CACHE_HOME: cacheHome } = process.env;
const folder = uid === undefined ? undefined : cacheFolder({ uid, home, cacheHome });
const prepared = folder === undefined || uid === undefined ? undefined : prepareCacheFolder(folder, uid);
if (prepared !== undefined) enableCompileCache(prepared);
const { main } = await import("./whole-program.ts");
await main(import.meta.dirname);
