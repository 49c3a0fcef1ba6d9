/** `-v`, `--mount` and `--tmpfs`: what is mounted where. Pure. */
import type { Container, PodSpec } from "#proto/resources/pod.ts";
import { usageProblem } from "../../program-options.ts";
import { bytesOf } from "./flag-parts.ts";
import type { RunOptions } from "./run-options.ts";

type Volume = NonNullable<PodSpec["volumes"]>[number];
type VolumeMount = NonNullable<Container["volumeMounts"]>[number];

export interface Mounts {
  readonly volumes: Volume[];
  readonly volumeMounts: VolumeMount[];
}

/** One volume and where it is mounted; the volume has no name yet. */
interface Wanted {
  readonly volume: Omit<Volume, "name">;
  readonly path: string;
  readonly readOnly: boolean;
}

export function mountsOf({ volume = [], mount = [], tmpfs = [], device = [] }: RunOptions): Mounts {
  const wanted = [
    ...volume.map(fromVolumeFlag),
    ...mount.map(fromMountFlag),
    ...tmpfs.map(fromTmpfsFlag),
    ...device.map(fromDeviceFlag),
  ];
  const volumes: Volume[] = [];
  const volumeMounts: VolumeMount[] = [];
  for (const [index, { volume: kind, path, readOnly }] of wanted.entries()) {
    const name = `mount-${index + 1}`;
    volumes.push({ name, ...kind });
    volumeMounts.push({ name, mountPath: path, ...(readOnly && { readOnly }) });
  }
  return { volumes, volumeMounts };
}

/** Docker makes a directory that is not there; a bind mount by --mount wants it to be. */
const nodePath = (path: string, type: "" | "DirectoryOrCreate"): Wanted["volume"] => ({ hostPath: { path, type } });

/** `/on/node:/in/container[:ro]`, or `/in/container` alone: an empty one of the pod's own. */
function fromVolumeFlag(text: string): Wanted {
  const [first = "", second, flags = "", ...more] = text.split(":");
  if (more.length > 0) throw usageProblem(`-v ${text} has too many parts`, "as in: -v /srv/data:/data:ro");
  if (second === undefined) return { volume: { emptyDir: {} }, path: absolute(first, `-v ${text}`), readOnly: false };
  if (!first.startsWith("/")) throw namedVolume(`-v ${text}`, first);
  const readOnly = readOnlyOf(flags, `-v ${text}`);
  return { volume: nodePath(first, "DirectoryOrCreate"), path: absolute(second, `-v ${text}`), readOnly };
}

/** Names that the kernel gives to disks; what else is in /dev is read and written by characters. */
const disk = /^\/dev\/(sd|vd|xvd|hd|nvme\d+n|loop\d|dm-|md\d|nbd|ram|zram|mmcblk|mapper\/(?!control$)|disk\/)/;

/** `/on/node[:/in/container[:rw]]`. */
function fromDeviceFlag(text: string): Wanted {
  const [path = "", inside = path, access = "rwm", ...more] = text.split(":");
  if (more.length > 0 || !/^[rwm]+$/.test(access))
    throw usageProblem(
      `--device ${text} is not understood`,
      "as in: --device /dev/fuse, --device /dev/sda:/dev/disk:r",
    );
  const type = disk.test(path) ? "BlockDevice" : "CharDevice";
  const where = `--device ${text}`;
  const volume = { hostPath: { path: absolute(path, where), type } as const };
  return { volume, path: absolute(inside, where), readOnly: !access.includes("w") };
}

function readOnlyOf(flags: string, where: string): boolean {
  const words = flags.split(",").filter((word) => word !== "");
  const unknown = words.find((word) => !["ro", "rw", "z", "Z", "rprivate", "private"].includes(word));
  if (unknown !== undefined)
    throw usageProblem(
      `${where}: ${unknown} is not known`,
      "ro and rw are; mounts made later do not cross between node and container",
    );
  return words.includes("ro");
}

function fromMountFlag(text: string): Wanted {
  const where = `--mount ${text}`;
  const fields = new Map(
    text.split(",").map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair, "true"] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  const take = (...names: readonly string[]): string | undefined => {
    const name = names.find((one) => fields.has(one));
    const value = name === undefined ? undefined : fields.get(name);
    for (const one of names) fields.delete(one);
    return value;
  };
  const type = take("type") ?? "volume";
  const source = take("source", "src");
  const path = absolute(take("target", "destination", "dst") ?? "", where);
  const readOnly = ["true", "1"].includes(take("readonly", "ro") ?? "");
  const size = take("tmpfs-size");
  const [unknown] = fields.keys();
  if (unknown !== undefined)
    throw usageProblem(`${where}: ${unknown} is not known`, "known are type, source, target, readonly, tmpfs-size");
  if (type === "tmpfs") return { volume: inMemory(size), path, readOnly };
  if (type === "volume" && source === undefined) return { volume: { emptyDir: {} }, path, readOnly };
  if (type === "volume") throw namedVolume(where, source ?? "");
  if (type !== "bind") throw usageProblem(`${where}: there is no type ${type}`, "types are bind, tmpfs and volume");
  return { volume: nodePath(absolute(source ?? "", where), ""), path, readOnly };
}

function fromTmpfsFlag(text: string): Wanted {
  const at = text.indexOf(":");
  const path = at < 0 ? text : text.slice(0, at);
  const options = at < 0 ? [] : text.slice(at + 1).split(",");
  const size = options.find((option) => option.startsWith("size="))?.slice("size=".length);
  return { volume: inMemory(size), path: absolute(path, `--tmpfs ${text}`), readOnly: options.includes("ro") };
}

const inMemory = (size: string | undefined): Wanted["volume"] => ({
  emptyDir: {
    medium: "Memory",
    ...(size !== undefined && { sizeLimit: String(bytesOf(size, "the size of a tmpfs")) }),
  },
});

function absolute(path: string, where: string): string {
  if (path.startsWith("/")) return path;
  throw usageProblem(`${where}: "${path}" is no absolute path`, "as in: -v /srv/data:/data");
}

const namedVolume = (where: string, name: string): Error =>
  usageProblem(
    `${where}: named volumes are not built yet`,
    `give a path on the node, as in -v /srv/${name}:/data, or -v /data alone for one that lives as long as the pod`,
  );
