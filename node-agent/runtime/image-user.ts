/** Who a container runs as: from the security contexts and the image's USER, with names looked up in the image's own files. */

import { Problem } from "#proto/kit/problem.ts";
import type { PodSecurityContext, SecurityContext } from "#proto/resources/pod.ts";
import { readInRoot } from "./rootfs-walk.ts";

export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  /** With the primary group, as newer runtimes do: a process that drops it must not gain access by that. */
  readonly additionalGids: readonly number[];
  readonly home: string | undefined;
}

export interface UserRequest {
  readonly imageUser: string;
  readonly podSecurity: PodSecurityContext | undefined;
  readonly security: SecurityContext | undefined;
}

const maxId = 2 ** 31 - 1; // what Docker and Kubernetes accept
const maxFileBytes = 1024 * 1024;
const maxEntries = 20_000;
const numberPattern = /^(0|[1-9]\d{0,9})$/;
const namePattern = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}\$?$/;

/** Problem `invalid` for unknown or odd users, and for root where `runAsNonRoot` forbids it. */
export async function resolveUser(rootfs: string, request: UserRequest): Promise<ContainerUser> {
  const [passwd, groups] = await Promise.all(
    ["/etc/passwd", "/etc/group"].map(async (path) => (await readInRoot(rootfs, path, maxFileBytes)) ?? ""),
  );
  return chooseUser(request, parsePasswd(passwd ?? ""), parseGroup(groups ?? ""));
}

/** The pure part of `resolveUser`. */
export function chooseUser(
  request: UserRequest,
  passwd: readonly PasswdEntry[],
  groups: readonly GroupEntry[],
): ContainerUser {
  const { podSecurity, security } = request;
  const runAsUser = security?.runAsUser ?? podSecurity?.runAsUser;
  const [imageUser, imageGroup] = splitUser(request.imageUser);
  const entry = runAsUser === undefined ? findUser(imageUser, passwd) : findUser(checkId(runAsUser), passwd);
  const runAsGroup = security?.runAsGroup ?? podSecurity?.runAsGroup;
  const gid =
    runAsGroup !== undefined
      ? checkId(runAsGroup)
      : runAsUser === undefined && imageGroup !== undefined
        ? findGroup(imageGroup, groups)
        : entry.gid;
  checkNonRoot(entry.uid, request);
  const isStrict = podSecurity?.supplementalGroupsPolicy === "Strict";
  const isMember = (group: GroupEntry): boolean => entry.name !== undefined && group.members.includes(entry.name);
  const memberOf = isStrict ? [] : groups.filter(isMember);
  const asked = [...(podSecurity?.supplementalGroups ?? []), ...optional(podSecurity?.fsGroup)].map(checkId);
  return {
    uid: entry.uid,
    gid,
    additionalGids: [...new Set([gid, ...memberOf.map((group) => group.gid), ...asked])],
    home: entry.home,
  };
}

function checkNonRoot(uid: number, request: UserRequest): void {
  const required = request.security?.runAsNonRoot ?? request.podSecurity?.runAsNonRoot ?? false;
  if (!required || uid !== 0) return;
  throw new Problem("invalid", "the container must not run as root, but its user is root", {
    hint: "set runAsUser, or build the image with a USER that is not root",
    causes: [{ path: "securityContext.runAsNonRoot", message: "the user resolves to uid 0" }],
  });
}

interface FoundUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string | undefined;
  readonly home: string | undefined;
}

function findUser(user: string | number, passwd: readonly PasswdEntry[]): FoundUser {
  if (typeof user === "string") {
    const entry = passwd.find((candidate) => candidate.name === user);
    if (entry) return entry;
    throw new Problem("invalid", `user ${user} is not in the image's /etc/passwd`, {
      hint: "add the user to the image, or set runAsUser",
    });
  }
  return passwd.find((entry) => entry.uid === user) ?? { uid: user, gid: 0, name: undefined, home: undefined };
}

function findGroup(group: string | number, groups: readonly GroupEntry[]): number {
  if (typeof group === "number") return group;
  const entry = groups.find((candidate) => candidate.name === group);
  if (entry) return entry.gid;
  throw new Problem("invalid", `group ${group} is not in the image's /etc/group`, {
    hint: "add the group to the image, or set runAsGroup",
  });
}

/** The image's USER: `user`, `user:group`, each a plain number or a name. Anything else could be read as root by someone. */
function splitUser(user: string): readonly [string | number, string | number | undefined] {
  if (user === "") return [0, undefined];
  const [name = "", group, ...more] = user.split(":");
  if (more.length > 0) throw oddUser(user);
  return [userPart(name, user), group === undefined ? undefined : userPart(group, user)];
}

function userPart(part: string, whole: string): string | number {
  if (namePattern.test(part)) return part;
  if (!numberPattern.test(part) || Number(part) > maxId) throw oddUser(whole);
  return Number(part);
}

function oddUser(user: string): Problem {
  return new Problem("invalid", `the image's user ${JSON.stringify(user)} is neither a name nor a number below 2^31`, {
    hint: "build the image with a plain USER, or set runAsUser",
  });
}

function checkId(id: number): number {
  if (Number.isInteger(id) && id >= 0 && id <= maxId) return id;
  throw new Problem("invalid", `${id} is not a user or group id`);
}

export interface PasswdEntry extends FoundUser {
  readonly name: string;
  readonly home: string;
}

export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** Lines that are not entries are skipped, as the C library does. */
export function parsePasswd(text: string): readonly PasswdEntry[] {
  return entries(text).flatMap(([name = "", , uid = "", gid = "", , home = ""]) => {
    if (name === "" || !isId(uid) || !isId(gid)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home }];
  });
}

export function parseGroup(text: string): readonly GroupEntry[] {
  return entries(text).flatMap(([name = "", , gid = "", members = ""]) => {
    if (name === "" || !isId(gid)) return [];
    return [{ name, gid: Number(gid), members: members.split(",").filter(Boolean) }];
  });
}

function entries(text: string): readonly (readonly string[])[] {
  return text
    .split("\n", maxEntries)
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(":"));
}

function isId(text: string): boolean {
  return numberPattern.test(text) && Number(text) <= maxId;
}

function optional(value: number | undefined): readonly number[] {
  return value === undefined ? [] : [value];
}
