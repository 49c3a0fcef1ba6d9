/**
 * A light session over the unix socket that a control plane has for root of its own machine (docs/decisions/0005). No module for TLS
 * or cryptography is loaded for it.
 */
import { lstatSync } from "node:fs";
import { connect, type Socket } from "node:net";
import type { Http2Connection } from "#proto/kit/rpc/http2-connection.ts";
import { connectionFlowControlBytes } from "#proto/kit/rpc/limits.ts";
import { LightSession } from "./light-session.ts";

/**
 * Undefined where there is no such socket, this user may not open it, or nobody answers: TLS is the way then. Also when it is neither
 * root's nor this user's: somebody else may have put it there. Rejects with the signal's reason.
 */
export async function openSocketSession(
  path: string,
  windowBytes: number,
  signal: AbortSignal,
): Promise<Http2Connection | undefined> {
  if (!isTrusted(path)) return undefined;
  const socket = await connected(path, signal);
  if (!socket) return undefined;
  const connectionWindowBytes = Math.max(windowBytes, connectionFlowControlBytes);
  const options = { scheme: "http", authority: "localhost", windowBytes, connectionWindowBytes } as const;
  // No certificate is judged: calls need not wait for the server's first word. A broken connection is told by the calls on it.
  return new LightSession(socket, options).on("error", () => undefined);
}

function isTrusted(path: string): boolean {
  try {
    const stats = lstatSync(path);
    return stats.isSocket() && (stats.uid === 0 || stats.uid === process.getuid?.());
  } catch {
    return false;
  }
}

function connected(path: string, signal: AbortSignal): Promise<Socket | undefined> {
  const socket = connect(path);
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      signal.removeEventListener("abort", onAbort);
      socket.off("connect", onConnect).off("error", onError);
      done();
    };
    const onConnect = (): void => settle(() => resolve(socket));
    const onError = (): void => settle(() => resolve(undefined));
    const onAbort = (): void =>
      settle(() => {
        socket.destroy();
        reject(signal.reason);
      });
    socket.once("connect", onConnect).once("error", onError);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
