/** image-load: an archive from the client into this node's images. */
import type { ImageStore } from "../images/image-store.ts";
import type { StreamServer } from "./serve-stream.ts";

/** `onLoaded` tells other nodes' control plane of it, and wakes the pods that wait for an image. */
export function imageLoadServer(images: ImageStore, nodeName: string, onLoaded: () => Promise<void>): StreamServer {
  return async (_, stream, signal) => {
    const loaded = await images.load(stream.input(), signal);
    await onLoaded();
    const detail = {
      node: nodeName,
      images: loaded.flatMap(({ names, digest, id }) => {
        return names.length > 0 ? names.map((name) => ({ name, digest })) : [{ name: id, digest }];
      }),
    };
    return { exitCode: 0, detail: Buffer.from(JSON.stringify(detail)) };
  };
}
