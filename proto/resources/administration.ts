/** Answers of the Administration service, as JSON. Instants are RFC 3339; digests are sha256, base64url. */

export interface JoinTokenSummary {
  readonly id: string;
  readonly description: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly uses: number;
  /** Nodes it let in. */
  readonly usedBy: readonly string[];
  readonly state: "good" | "used up" | "expired";
}

export interface CertificateSummary {
  readonly kind: "authority" | "control plane" | "etcd" | "node" | "person";
  /** As in the certificate: `system:node:NAME`, `ada`. */
  readonly user: string;
  readonly groups: readonly string[];
  readonly serial: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
  /** The latest moment at which its holder renews it by itself; absent when people have to. */
  readonly renewsBy?: string;
  readonly state: "in use" | "given out" | "replaced" | "revoked" | "expired";
  /** Why it was revoked, and by whom. */
  readonly note?: string;
}

export interface CertificateList {
  readonly certificates: readonly CertificateSummary[];
  /** Sentences about what needs a person, long before it hurts. */
  readonly warnings: readonly string[];
}

export interface RevocationAnswer {
  readonly revoked: readonly { readonly serial: string; readonly user: string; readonly expiresAt: string }[];
}

export interface AuthorityHolder {
  readonly kind: "node" | "person";
  readonly name: string;
  /** renewed: holds a certificate of the active authority; waiting: does not yet; forgetting: still trusts a dropped one. */
  readonly state: "renewed" | "waiting" | "forgetting";
  readonly isConnected?: boolean;
  /** End of the newest certificate it holds. */
  readonly expiresAt?: string;
}

export interface AuthorityStatus {
  readonly cluster: string;
  readonly generation: number;
  readonly digest: string;
  readonly expiresAt: string;
  readonly rotation?: {
    readonly previousDigest: string;
    readonly startedAt: string;
    readonly startedBy: string;
    /** The old authority is dropped then. */
    readonly endsAt: string;
  };
  readonly holders: readonly AuthorityHolder[];
  /** Dropped authorities whose holders still find back by themselves. */
  readonly former: readonly { readonly digest: string; readonly returnUntil: string }[];
}

/** Where the replacement of the key that seals Secrets stands. */
export interface SealingKeyStatus {
  readonly cluster: string;
  /** Id of the key that seals what is written. */
  readonly active: string;
  readonly rotation?: {
    readonly from: string;
    readonly to: string;
    readonly phase: "handing out" | "closing" | "rewriting" | "rewritten";
    readonly startedAt: string;
    readonly startedBy: string;
    readonly rewrittenAt?: string;
  };
  /** How much is sealed with which key, the active one first. */
  readonly sealed: readonly { readonly keyId: string; readonly count: number }[];
  /** What is sealed with another key than the active one, as `Secret default/db`; the first hundred. */
  readonly underOtherKeys: readonly string[];
  readonly controlPlanes: readonly {
    readonly name: string;
    readonly address: string;
    /** Ids of the keys in its file. */
    readonly keys: readonly string[];
    readonly trouble?: string;
  }[];
  readonly retired: readonly { readonly id: string; readonly retiredAt: string }[];
}
