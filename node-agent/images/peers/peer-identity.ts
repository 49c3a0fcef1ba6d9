/** What a node proves itself with to other nodes. Renewed now and then: ask anew for each connection. */
export interface PeerIdentity {
  readonly cluster: string;
  readonly certificateChainPem: string;
  readonly privateKeyPem: string;
  readonly authoritiesPem: string;
}

export const ticketHeader = "orch-ticket";
export const blobPath = (digest: string): string => `/blobs/${digest}`;
export const blobPathPattern = /^\/blobs\/(sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128}))$/;
