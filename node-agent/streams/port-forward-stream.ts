/** port-forward: one TCP connection into the pod, also to what listens on its loopback only. */
import { Problem } from "#proto/kit/problem.ts";
import type { PodNetwork } from "../network/pod-network.ts";
import type { PodPresence } from "../reconciler/presence.ts";
import { feed } from "./exec-stream.ts";
import { type FindRecord, findPod } from "./pod-lookup.ts";
import type { StreamServer } from "./serve-stream.ts";

export function portForwardServer(
  network: PodNetwork,
  find: FindRecord,
  presenceOf: (uid: string) => PodPresence,
): StreamServer {
  return async (target, stream, signal) => {
    const record = findPod(target, find);
    const port = target.port ?? 0;
    const { sandbox } = presenceOf(record.uid);
    if (!sandbox) {
      throw new Problem("conflict", `pod ${record.pod.metadata.name} is not running`, { retry: "later" });
    }
    if (port < 1 || port > 65_535) throw new Problem("bad-request", `${port} is not a port`);
    const namespacePath = sandbox.namespaces.network;
    const socket = await network.dial({ uid: record.uid, namespacePath }, port, signal);
    const onAbort = (): void => void socket.destroy();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      feed(stream, socket, signal).catch(() => socket.destroy());
      for await (const chunk of socket) await stream.write(chunk as Buffer);
      return { exitCode: 0 };
    } finally {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
    }
  };
}
