/** The person behind sudo, who wants the contexts too. */

export interface SudoUser {
  readonly home: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * From sudo's variables and the text of /etc/passwd (passwd(5)); undefined when nobody is behind sudo, or root, or somebody
 * without a home. Pure.
 */
export function sudoUser(
  variables: Readonly<Record<string, string | undefined>>,
  passwd: string,
): SudoUser | undefined {
  const { SUDO_UID } = variables;
  if (SUDO_UID === undefined || !/^[1-9]\d*$/.test(SUDO_UID)) return undefined;
  for (const line of passwd.split("\n")) {
    const [, , uid, gid, , home] = line.split(":");
    if (uid !== SUDO_UID || gid === undefined || !/^\d+$/.test(gid)) continue;
    return home?.startsWith("/") && home !== "/" ? { home, uid: Number(uid), gid: Number(gid) } : undefined;
  }
  return undefined;
}
