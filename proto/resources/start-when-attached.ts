/**
 * Annotation of a pod whose containers are made, but not started before somebody has attached to them: not a byte of their output is missed.
 * When nobody comes for a minute they start all the same. With `=NAME` it is about that container only.
 */
export const startAnnotation = "orch/start";
export const whenAttached = "when-attached";

export const whenAttachedTo = (container: string): string => `${whenAttached}=${container}`;

export function startsWhenAttached(
  { metadata }: { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> | undefined } },
  container: string,
): boolean {
  const wish = metadata.annotations?.[startAnnotation];
  return wish === whenAttached || wish === whenAttachedTo(container);
}
