/** The Clock's timers never keep a process alive. What must finish before the process ends (a shutdown) is awaited here. */

const dayMs = 86_400_000;

/** Keeps the event loop going until `running` has settled. */
export async function holdEventLoop<T>(running: Promise<T>): Promise<T> {
  const holding = setInterval(() => undefined, dayMs);
  try {
    return await running;
  } finally {
    clearInterval(holding);
  }
}
