/** Asks for the next piece before the one at hand is used: where another thread makes it, both are at work. */
export async function* oneAhead<T>(pieces: AsyncGenerator<T, void, undefined>): AsyncGenerator<T> {
  try {
    for (let coming = pieces.next(); ; ) {
      const { done, value } = await coming;
      if (done) return;
      coming = pieces.next();
      coming.catch(() => undefined); // said when it is its turn
      yield value;
    }
  } finally {
    // Not awaited: a source that is stuck would never let its reader go.
    pieces.return().catch(() => undefined);
  }
}
