/** Which of the kernel's security modules confine containers on this node: AppArmor with the profiles it has loaded, SELinux. */
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { findProgram } from "../host/programs.ts";
import { run } from "../host/spawn.ts";
import { defaultAppArmorProfile, defaultProfileName } from "./apparmor-profile.ts";

export interface SecurityModules {
  /** Names of loaded profiles; undefined: the kernel has no AppArmor, or it is off. */
  readonly appArmorProfiles: ReadonlySet<string> | undefined;
  readonly seLinux: boolean;
}

export const noSecurityModules: SecurityModules = { appArmorProfiles: undefined, seLinux: false };

const loadTimeoutMs = 20_000;

/** `sys` is where sysfs is, with securityfs and selinuxfs in their usual places below. */
export async function readSecurityModules(sys = "/sys"): Promise<SecurityModules> {
  const [enabled, profiles, seLinux] = await Promise.all([
    readFile(join(sys, "module/apparmor/parameters/enabled"), "utf8").catch(() => "N"),
    readFile(join(sys, "kernel/security/apparmor/profiles"), "utf8").catch(() => undefined),
    access(join(sys, "fs/selinux/enforce")).then(
      () => true,
      () => false,
    ),
  ]);
  const isOn = enabled.trim() === "Y" && profiles !== undefined;
  return { appArmorProfiles: isOn ? parseProfiles(profiles) : undefined, seLinux };
}

/** Lines as `/usr/bin/man (enforce)`. */
function parseProfiles(text: string): ReadonlySet<string> {
  return new Set(text.split("\n").flatMap((line) => /^(.+) \((\w+)\)$/.exec(line)?.[1] ?? []));
}

/** With the profile `RuntimeDefault` loaded where the kernel has AppArmor. A node that cannot load it says so once, and does without. */
export async function openSecurityModules(
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  sys = "/sys",
): Promise<SecurityModules> {
  const found = await readSecurityModules(sys);
  if (!found.appArmorProfiles) return found;
  const parser = await findProgram("apparmor_parser");
  if (parser === undefined) {
    logger.warn(
      {},
      "containers run without an AppArmor profile: apparmor_parser is missing (apt-get install apparmor)",
    );
    return found;
  }
  const { code, stderr } = await run(parser, ["--replace", "--skip-cache"], {
    ...{ clock, timeoutMs: loadTimeoutMs },
    stdin: defaultAppArmorProfile,
  });
  if (code !== 0) logger.warn({ error: stderr.trim() }, `the AppArmor profile ${defaultProfileName} cannot be loaded`);
  return readSecurityModules(sys);
}
