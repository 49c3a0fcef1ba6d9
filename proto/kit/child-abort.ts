/**
 * A controller whose signal aborts with its parent's, too. What `AbortSignal.any` makes costs a multiple whenever it is made, asked or
 * listened to. Whoever asked for the child aborts it when its work is done (with a reason: without one an exception is made): until then the parents know it.
 */
export function childAbort(...parents: readonly AbortSignal[]): AbortController {
  const child = new AbortController();
  for (const parent of parents) {
    if (parent.aborted) {
      child.abort(parent.reason);
      return child;
    }
    const follow = (): void => child.abort(parent.reason);
    parent.addEventListener("abort", follow, { once: true });
    child.signal.addEventListener("abort", () => parent.removeEventListener("abort", follow), { once: true });
  }
  return child;
}
