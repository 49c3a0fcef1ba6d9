/** The two ways to mount an EROFS image. */
import { withLoopDevice } from "../../../host/loop-devices.ts";
import { mount } from "../../../host/syscalls.ts";

export type ErofsMount = (image: string, target: string) => void;

const flags = ["ro", "nodev", "noatime"] as const;

/** From the file itself: Linux 6.12 and later. */
export function mountFromFile(image: string, target: string): void {
  mount({ source: image, target, type: "erofs", flags });
}

/** Through a loop device, which goes when it is unmounted. */
export function mountFromLoop(image: string, target: string): void {
  withLoopDevice(image, (source) => mount({ source, target, type: "erofs", flags }));
}
