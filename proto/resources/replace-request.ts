/** The wish that a pod of a ReplicaSet leave once another copy is ready in its place: what `drain` writes. */

/** Its value is the instant of the wish. The ReplicaSet's controller makes a copy, waits until it is available, and deletes the pod. */
export const replaceRequestedAnnotation = "orch/replace-requested-at";
