/** How this node keeps the layers of images, as a Node condition. As with others, False is the good state. Pure. */
import type { NodeCondition } from "#proto/resources/node.ts";
import type { LayerStoreChoice, LayerStoreKind } from "../images/layers/layer-store-kind.ts";

const texts: Readonly<Record<LayerStoreKind, readonly [reason: string, message: string]>> = {
  erofs: ["Erofs", "layers of images are EROFS files, mounted directly"],
  "erofs-loop": ["ErofsLoop", "layers of images are EROFS files, mounted through loop devices"],
  extracted: ["Extracted", "layers of images are extracted directories: pulls and removals are slower"],
};

export function layerStoreCondition({ kind, reason: why }: LayerStoreChoice): NodeCondition {
  const [reason, text] = texts[kind];
  const message = why === undefined ? text : `${text} (${why})`;
  return { type: "LayersExtracted", status: kind === "extracted" ? "True" : "False", reason, message };
}
