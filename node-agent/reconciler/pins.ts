/** PURE. Which content a pod's image means: told with the pod, found out before, or in the name itself. */
import { digestInName, imagePins, pinnedName } from "#proto/resources/image-pins.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { PodRecord } from "../journal/record.ts";

/** undefined: it must be found out before anything can run. */
export function pinOf(pod: Pod, record: Pick<PodRecord, "pins"> | undefined, image: string): string | undefined {
  return digestInName(image) ?? imagePins(pod)[image] ?? record?.pins?.[image];
}

/** The name that means this content for ever; undefined while nobody knows it. */
export function runName(pod: Pod, record: Pick<PodRecord, "pins"> | undefined, image: string): string | undefined {
  const pin = pinOf(pod, record, image);
  return pin === undefined ? undefined : pinnedName(image, pin);
}
