/** tcpSocket: an accepted connection is success. */
import { connect } from "node:net";
import type { TcpSocketAction } from "#proto/resources/pod.ts";
import { type ProbeAnswer, type ProbeTarget, portNumber } from "./runner.ts";

export function runTcp(target: ProbeTarget, action: TcpSocketAction, signal: AbortSignal): Promise<ProbeAnswer> {
  const port = portNumber(action.port, target.container);
  if (port === undefined) {
    return Promise.resolve({ ok: false, message: `the container has no port ${JSON.stringify(action.port)}` });
  }
  const host = action.host || target.addresses[0];
  if (!host) return Promise.resolve({ ok: false, message: "the pod has no address" });
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const finish = (settle: () => void): void => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      settle();
    };
    const onAbort = (): void => finish(() => reject(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("connect", () => finish(() => resolve({ ok: true, message: "connected" })));
    socket.once("error", (error) => finish(() => resolve({ ok: false, message: error.message })));
  });
}
