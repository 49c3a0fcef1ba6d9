/**
 * Annotation of a pod whose containers are made, but not started before somebody has attached to them: not a byte of their output is missed.
 * When nobody comes for a minute they start all the same.
 */
export const startAnnotation = "orch/start";
export const whenAttached = "when-attached";
