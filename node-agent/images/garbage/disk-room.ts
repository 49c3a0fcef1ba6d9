/** How full the disk of the images is, and from where on something must go. */
import { statfs } from "node:fs/promises";

export interface DiskRoom {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

/** In percent of the disk that is used. Above `high` images are removed until `low` is reached. */
export interface Watermarks {
  readonly highPercent: number;
  readonly lowPercent: number;
}

/** The kubelet's. */
export const defaultWatermarks: Watermarks = { highPercent: 85, lowPercent: 80 };

/** Left free for the node's own records: a twentieth of the disk, but no more than this. */
const maxReserveBytes = 64 * 1024 * 1024;

export async function readDisk(directory: string): Promise<DiskRoom> {
  const { blocks, bavail, bsize } = await statfs(directory);
  return { totalBytes: blocks * bsize, availableBytes: bavail * bsize };
}

export function reserveBytes({ totalBytes }: DiskRoom): number {
  return Math.min(maxReserveBytes, totalBytes / 20);
}

/** What a pull may take. */
export function usableBytes(disk: DiskRoom): number {
  return Math.max(0, Math.floor(disk.availableBytes - reserveBytes(disk)));
}

export function usedPercent({ totalBytes, availableBytes }: DiskRoom): number {
  return totalBytes === 0 ? 0 : Math.floor((1 - availableBytes / totalBytes) * 100);
}

/** Bytes that are to be freed; 0 while the disk is not too full. */
export function excessBytes(disk: DiskRoom, marks: Watermarks): number {
  if (usedPercent(disk) < marks.highPercent) return 0;
  return Math.max(0, Math.ceil((disk.totalBytes * (100 - marks.lowPercent)) / 100 - disk.availableBytes));
}

/** `1.2 GB` */
export function formatSize(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
