/** Asks the node of a pod about one of its containers, or of all of them (container ""). */
import type { ContainerRequest } from "#proto/resources/container-request.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { Connection } from "../client/connect.ts";
import { FrameStream } from "../client/frame-stream.ts";
import type { Environment } from "../environment.ts";

/** `onData` gets what comes before the answer. */
export async function askContainer<Answer>(
  { api }: Connection,
  { metadata }: Pod,
  container: string,
  request: ContainerRequest,
  { signal }: Environment,
  onData: (bytes: Uint8Array) => void | Promise<void> = () => undefined,
): Promise<Answer> {
  const containerRequest = Buffer.from(JSON.stringify(request));
  const target = { kind: "container", namespace: metadata.namespace ?? "default", pod: metadata.name, container };
  const stream = await FrameStream.open(api.rpc, { ...target, containerRequest }, signal);
  try {
    for await (const { bytes } of stream.data()) await onData(bytes);
    return stream.outcome.detail as Answer;
  } finally {
    stream.close();
  }
}
