/** Finds out before anything else is started whether our ports are free, and who holds them if not. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { errnoOf, Problem } from "#proto/kit/problem.ts";

/** Throws Problem `unavailable` that names the port, its holder when it can be found, and the flag to change. */
export async function assertPortFree(address: string, port: number, flag: string): Promise<void> {
  try {
    await tryListen(address, port);
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === "EADDRINUSE") {
      const holder = await portHolder(port).catch(() => undefined);
      throw new Problem("unavailable", `port ${port} on ${address} is taken${holder ? ` by ${holder}` : ""}`, {
        hint: holder
          ? `Stop that program, or choose another port with ${flag}.`
          : `See who holds it with: ss -ltnp 'sport = :${port}'; or choose another port with ${flag}.`,
        cause: thrown,
      });
    }
    if (errno === "EADDRNOTAVAIL") {
      const hint = "Use an address of this machine with --listen-address; `ip address` lists them.";
      throw new Problem("unavailable", `this machine has no address ${address}`, { hint, cause: thrown });
    }
    if (errno === "EACCES") {
      const hint = `Run as root, or choose a port above 1023 with ${flag}.`;
      throw new Problem("forbidden", `port ${port} may not be used by this user`, { hint, cause: thrown });
    }
    throw thrown;
  }
}

function tryListen(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** `NAME (pid N)` of the process that listens on the port, as far as this user may see. */
async function portHolder(port: number): Promise<string | undefined> {
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (await readFile(table, "utf8").catch(() => "")).split("\n").slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const isListening = state === "0A";
      if (isListening && Number.parseInt(local.split(":")[1] ?? "", 16) === port) inodes.add(`socket:[${inode}]`);
    }
  }
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
      if (!inodes.has(target)) continue;
      const name = (await readFile(`/proc/${pid}/comm`, "utf8")).trim();
      return `${name} (pid ${pid})`;
    }
  }
  return undefined;
}
