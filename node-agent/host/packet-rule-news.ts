/**
 * Tells when the packet rules (nftables) of the current network namespace change, by event: the kernel sends each change to a netlink
 * socket. Node can wait for such a descriptor only through its internal pipe handle.
 */
import { closeSync } from "node:fs";
import { Problem } from "#proto/kit/problem.ts";
import { declare } from "./libc.ts";
import { type PipeHandle, pipeBinding } from "./pipe-handle.ts";

const nativeSocket = declare<[number, number, number]>("int socket(int domain, int type, int protocol)");
const nativeBind = declare<[number, Uint8Array, number]>("int bind(int fd, const void *address, unsigned int size)");

const addressFamily = 16; // AF_NETLINK
const rawNonBlocking = 3 | 0o2000000 | 0o4000; // SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK
const netfilterProtocol = 12; // NETLINK_NETFILTER
const rulesGroup = 1 << (7 - 1); // NFNLGRP_NFTABLES
const addressBytes = 12; // struct sockaddr_nl

/**
 * Calls `onChange` for each change, several times for a large one, until what it returns is called. `onLost` is called once when no more
 * will be told. Throws where nobody can be told: `SystemError` of the kernel, Problem `unsupported` of this Node.
 */
export function watchPacketRules(onChange: () => void, onLost: (thrown: unknown) => void): () => void {
  let isStopped = false;
  let handle: PipeHandle | undefined = listen(heard);
  return () => {
    isStopped = true;
    handle?.close();
  };

  /** Without data the kernel had more news than the socket holds, and this one is at its end. */
  function heard(data: ArrayBuffer | undefined): void {
    if (isStopped) return;
    if (data === undefined) {
      handle?.close();
      handle = undefined;
      try {
        handle = listen(heard);
      } catch (thrown) {
        onLost(thrown);
      }
    }
    onChange();
  }
}

/** The handle owns its descriptor. */
function listen(onRead: (data: ArrayBuffer | undefined) => void): PipeHandle {
  const binding = pipeBinding();
  if (!binding) throw new Problem("unsupported", "this Node cannot wait for a socket of packet rules");
  const fd = subscribed();
  const handle = new binding.Pipe(binding.constants.SOCKET);
  handle.onread = onRead;
  handle.unref();
  if (handle.open(fd) !== 0) {
    closeSync(fd);
    throw new Problem("internal", "the socket of packet rules could not be taken over");
  }
  handle.readStart();
  return handle;
}

function subscribed(): number {
  const fd = nativeSocket("packet rules", addressFamily, rawNonBlocking, netfilterProtocol);
  try {
    const address = Buffer.alloc(addressBytes);
    address.writeUInt16LE(addressFamily, 0);
    address.writeUInt32LE(rulesGroup, 8);
    nativeBind("packet rules", fd, address, address.length);
    return fd;
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
}
