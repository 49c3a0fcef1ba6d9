/** Kernel parameters of the current network namespace that pods' traffic needs. */
import { writeFile } from "node:fs/promises";
import { errnoOf, Problem } from "#proto/kit/problem.ts";

export async function applyKernelSettings(bridge: string): Promise<void> {
  await set("net/ipv4/ip_forward", "1");
  await set(`net/ipv4/conf/${bridge}/route_localnet`, "0");
  await set(`net/ipv4/conf/${bridge}/rp_filter`, "1");
  await set(`net/ipv4/conf/${bridge}/send_redirects`, "0");
  // Absent on machines without IPv6.
  await set(`net/ipv6/conf/${bridge}/accept_ra`, "0", { optional: true });
  await set(`net/ipv6/conf/${bridge}/disable_ipv6`, "1", { optional: true });
}

async function set(name: string, value: string, options: { readonly optional?: boolean } = {}): Promise<void> {
  try {
    await writeFile(`/proc/sys/${name}`, value);
  } catch (thrown) {
    if (options.optional && errnoOf(thrown) === "ENOENT") return;
    throw new Problem("internal", `cannot set the kernel parameter ${name.replaceAll("/", ".")}`, { cause: thrown });
  }
}
