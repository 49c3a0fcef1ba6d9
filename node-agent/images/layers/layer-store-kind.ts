/** EROFS images mounted from their files, the same through loop devices, plain directories. In the order they are tried. */
export const layerStoreKinds = ["erofs", "erofs-loop", "extracted"] as const;
export type LayerStoreKind = (typeof layerStoreKinds)[number];

/** What a node uses, and why not an earlier one. */
export interface LayerStoreChoice {
  readonly kind: LayerStoreKind;
  readonly reason?: string | undefined;
}
