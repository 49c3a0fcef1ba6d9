/** The cluster's own certificate authority: which names and usages each kind of identity gets. */
import { backdateMs, certificateDigest, readCertificate } from "#proto/identity/certificate.ts";
import { controlPlaneTlsName, mastersGroup, nodesGroup, nodeTlsName, nodeUser } from "#proto/identity/names.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { type AuthorityState, chainPem, enrollmentChainPem, trustedDigests, trustedPem } from "./authority-state.ts";
import {
  type KeyAndCertificate,
  makeKey,
  readSigningRequest,
  signCertificate,
  type Validity,
} from "./certificate-maker.ts";

export const dayMs = 24 * 3600 * 1000;

const maxUserLifetimeMs = 365 * dayMs;

export interface CertificateAuthorityOptions {
  /** As it is now. */
  readonly state: () => AuthorityState;
  readonly clock: Clock;
  readonly random: Random;
  readonly nodeLifetimeMs?: number;
  /** Called with each certificate before it is handed out. */
  readonly record?: (leafPem: string, authority: string, trusts: readonly string[]) => Promise<void>;
}

export interface IssuedCertificate {
  /** Leaf first, then the authority. */
  readonly chainPem: string;
  readonly expiresAtMs: number;
}

export interface UserCertificateRequest {
  readonly user: string;
  readonly groups: readonly string[];
  readonly signingRequest: Uint8Array;
  /** 0 = 90 days; more than a year is refused. */
  readonly lifetimeMs: number;
}

export class CertificateAuthority {
  readonly #options: CertificateAuthorityOptions;

  constructor(options: CertificateAuthorityOptions) {
    this.#options = options;
  }

  get state(): AuthorityState {
    return this.#options.state();
  }

  /** sha256 of the active authority's DER, base64url: what join tokens carry. */
  get digest(): string {
    return certificateDigest(this.state.active.certificatePem);
  }

  get cluster(): string {
    return this.state.cluster;
  }

  /** All that are trusted, the active one first. */
  get authoritiesPem(): string {
    return trustedPem(this.state);
  }

  /** What follows the leaf in a handshake with those who hold a certificate. */
  get chainPem(): string {
    return chainPem(this.state);
  }

  /** What follows it for machines that join or come back. */
  get enrollmentChainPem(): string {
    return enrollmentChainPem(this.state, this.#options.clock.nowMs());
  }

  /** `CN=system:node:NAME, O=system:nodes`, for calling the control plane and for serving blobs to peers. */
  async issueNode(name: string, publicKey: Uint8Array): Promise<IssuedCertificate> {
    return await this.#sign({
      user: nodeUser(name),
      groups: [nodesGroup],
      publicKey,
      dnsNames: [nodeTlsName(name, this.cluster)],
      usages: ["client", "server"],
      lifetimeMs: this.#options.nodeLifetimeMs ?? 7 * dayMs,
    });
  }

  /** Throws Problem `invalid` for names that belong to the system. */
  async issueUser(request: UserCertificateRequest): Promise<IssuedCertificate> {
    checkUser(request);
    return await this.#sign({
      user: request.user,
      groups: request.groups,
      publicKey: await readSigningRequest(request.signingRequest),
      dnsNames: [],
      usages: ["client"],
      lifetimeMs: request.lifetimeMs > 0 ? request.lifetimeMs : 90 * dayMs,
    });
  }

  /** An administrator's key and certificate, made here: for the first context file only. */
  async issueAdministrator(user: string): Promise<KeyAndCertificate> {
    return await this.#issueWithKey({
      user,
      groups: [mastersGroup],
      dnsNames: [],
      usages: ["client"],
      lifetimeMs: 365 * dayMs,
    });
  }

  /** What a control plane serves with. `extraNames` are the host names people reach it by. */
  async issueControlPlane(lifetimeMs = 90 * dayMs): Promise<KeyAndCertificate> {
    const tlsName = controlPlaneTlsName(this.cluster);
    return await this.#issueWithKey({
      user: tlsName,
      groups: [],
      dnsNames: [tlsName, "localhost"],
      usages: ["server", "client"],
      lifetimeMs,
    });
  }

  async #issueWithKey(request: Omit<SignRequest, "publicKey">): Promise<KeyAndCertificate> {
    const key = await makeKey();
    const issued = await this.#sign({ ...request, publicKey: key.publicKey });
    return { certificatePem: issued.chainPem, privateKeyPem: key.privateKeyPem };
  }

  async #sign(request: SignRequest): Promise<IssuedCertificate> {
    const { lifetimeMs, ...content } = request;
    const { clock, random, record } = this.#options;
    const { state } = this;
    const pem = await signCertificate({ ...content, ...validity(clock, random, lifetimeMs), authority: state.active });
    await record?.(pem, certificateDigest(state.active.certificatePem), trustedDigests(state));
    return { chainPem: pem + chainPem(state), expiresAtMs: readCertificate(pem).notAfterMs };
  }
}

interface SignRequest {
  readonly user: string;
  readonly groups: readonly string[];
  readonly publicKey: Uint8Array;
  readonly dnsNames: readonly string[];
  readonly usages: readonly ("client" | "server")[];
  readonly lifetimeMs: number;
}

export function validity(clock: Clock, random: Random, lifetimeMs: number): Validity {
  const nowMs = clock.nowMs();
  return { notBeforeMs: nowMs - backdateMs, notAfterMs: nowMs + lifetimeMs, serial: random.bytes(16) };
}

function checkUser(request: UserCertificateRequest): void {
  const causes = [];
  const name = /^[A-Za-z0-9][A-Za-z0-9@._-]{0,62}$/;
  const ours = /^orch:[a-z][a-z-]{0,62}$/;
  if (!name.test(request.user)) {
    causes.push({ path: "user", message: "use 1 to 63 letters, digits and @ . _ -; it must not begin with system:" });
  }
  if (request.lifetimeMs < 0 || request.lifetimeMs > maxUserLifetimeMs) {
    causes.push({ path: "lifetimeMs", message: "a person's certificate is good for at most 365 days" });
  }
  if (request.groups.length === 0)
    causes.push({ path: "groups", message: "name at least one: without, it may do nothing" });
  if (request.groups.length > 16) causes.push({ path: "groups", message: "at most 16 groups" });
  for (const [index, group] of request.groups.entries()) {
    if (group === mastersGroup || ours.test(group) || name.test(group)) continue;
    causes.push({ path: `groups[${index}]`, message: `only ${mastersGroup} or names of letters, digits and @ . _ -` });
  }
  if (causes.length > 0) throw new Problem("invalid", "the user certificate cannot be issued", { causes });
}
