/** What the launchers start Node with. */

/** Of the command line. None of them may change what V8 compares before it takes code compiled beforehand (quick-commands.test.ts). */
export const orchctlFlags = [
  // Begins as large as it may get: a command that ends in 0.1 s never collects, which saves it a sixth of its time.
  "--min-semi-space-size=16",
  // Node's 150 authorities are read by a thread of their own as soon as TLS is loaded: 10 ms of processor time for authorities that
  // orchctl does not trust (cli/client/prepare-tls.ts).
  "--use-openssl-ca",
  // Node makes four threads for V8 at its start, and ends them at its end. One collects and compiles for a command.
  "--v8-pool-size=1",
  // Nor does a command wait for a debugger, which is another thread. Nodes before 22.14 do not know it.
  ...["--disable-sigusr1"].filter((flag) => process.allowedNodeEnvironmentFlags.has(flag)),
].join(" ");

/**
 * Bytes that only pass through count as memory of the heap's, not as a reason of their own to collect all of it: with 1 GB of logs that was
 * half of the control plane's time, with an image of 163 MB half of the agent's.
 */
const bytesPassThrough = "--external-memory-accounted-in-global-limit";

/** A small young generation for what idles: an agent holds little, and there is one on every node. A large one for what ends soon. */
export const nodeFlags: Readonly<Record<string, string>> = {
  orchctl: orchctlFlags,
  // Measured with 3 nodes and 30 pods: 2 MB gave 74 MB of memory, 16 MB 105 MB; but 2 MB costs a seventh of the time under load.
  "orch-control-plane": `--max-semi-space-size=8 ${bytesPassThrough}`,
  // Collected by one thread: handing so little to four costs more than it saves.
  "orch-node-agent": `--max-semi-space-size=2 --no-parallel-scavenge ${bytesPassThrough}`,
};
