/**
 * A connection to a socket of packets (SOCK_SEQPACKET, unix(7)), as conmon's attach socket is one. Node can neither make one nor take one
 * over but through its internal pipe handle; the kernel keeps the packets apart.
 */
import { closeSync, openSync } from "node:fs";
import { Socket } from "node:net";
import { Problem } from "#proto/kit/problem.ts";
import { declare } from "./libc.ts";
import { type PipeHandle, pipeBinding } from "./pipe-handle.ts";
import { socketAddress, unixFamily } from "./unix-address.ts";

const nativeSocket = declare<[number, number, number]>("int socket(int domain, int type, int protocol)");
const nativeConnect = declare<[number, Uint8Array, number]>(
  "int connect(int fd, const void *address, unsigned int size)",
);

const packetsNonBlocking = 5 | 0o2000000 | 0o4000; // SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK

/** Each `data` event is one packet, each write too. `name` in `directory`, whose path may be longer than a socket's can be. */
export function connectPackets(directory: string, name: string): Socket {
  const binding = pipeBinding();
  if (!binding) throw new Problem("unsupported", "this Node cannot take over a socket of packets");
  const directoryFd = openSync(directory, "r");
  let fd: number | undefined;
  try {
    fd = nativeSocket(name, unixFamily, packetsNonBlocking, 0);
    const address = socketAddress(`/proc/self/fd/${directoryFd}/${name}`);
    nativeConnect(`${directory}/${name}`, fd, address, address.length);
    const handle = new binding.Pipe(binding.constants.SOCKET);
    if (handle.open(fd) !== 0) throw new Problem("internal", "the socket of packets could not be taken over");
    return socketOf(handle);
  } catch (thrown) {
    if (fd !== undefined) closeSync(fd);
    throw thrown;
  } finally {
    closeSync(directoryFd);
  }
}

/** The option `handle` is Node's own, and not in its types. */
function socketOf(handle: PipeHandle): Socket {
  const options: object = { handle, allowHalfOpen: true };
  return new Socket(options);
}
