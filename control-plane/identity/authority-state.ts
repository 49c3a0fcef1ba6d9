/**
 * The cluster's authority and, while it is replaced by another one, both: what is trusted, what is shown, who finds back. Pure.
 *
 * A new authority is also signed by the one before. So whoever trusts only the old one accepts what the new one signs as long as
 * the chain is shown, and nobody has to be told beforehand.
 */
import { certificateDigest, readCertificate } from "#proto/identity/certificate.ts";
import type { KeyAndCertificate } from "./certificate-maker.ts";

export interface Succession {
  /** The authority before. Its key is gone. */
  readonly previousPem: string;
  /** The name and key of its successor, signed by it. */
  readonly crossPem: string;
}

export interface Rotation extends Succession {
  readonly startedAtMs: number;
  readonly startedBy: string;
  /** The old authority is dropped then, whoever is missing. */
  readonly endsAtMs: number;
}

export interface AuthorityState {
  readonly version: 2;
  readonly cluster: string;
  /** Counts authorities; the first is 1. */
  readonly generation: number;
  /** Signs everything. */
  readonly active: KeyAndCertificate;
  /** While the one before is trusted too. */
  readonly rotation?: Rotation;
  /** Trusted no more, newest first; a machine that knows only one of these is shown the way to its successor until then. */
  readonly former: readonly (Succession & { readonly returnUntilMs: number })[];
}

/** How long a machine may have been away and still come back by itself, counted from the end of what it could have come with. */
export const absenceMs = 30 * 24 * 3600 * 1000;
export const defaultWindowMs = 30 * 24 * 3600 * 1000;
const maxFormer = 4;

export function firstState(cluster: string, active: KeyAndCertificate): AuthorityState {
  return { version: 2, cluster, generation: 1, active, former: [] };
}

/** PEM bundle, the active authority first. */
export function trustedPem({ active, rotation }: AuthorityState): string {
  return active.certificatePem + (rotation?.previousPem ?? "");
}

export function trustedDigests({ active, rotation }: AuthorityState): readonly string[] {
  return [active.certificatePem, ...(rotation ? [rotation.previousPem] : [])].map((pem) => certificateDigest(pem));
}

/** What follows a leaf of ours in a handshake: while rotating, the link that leads to the old authority. */
export function chainPem({ active, rotation }: AuthorityState): string {
  return rotation?.crossPem ?? active.certificatePem;
}

/** What joining and returning machines are shown besides: the way from any authority they may hold to the active one. */
export function enrollmentChainPem(state: AuthorityState, nowMs: number): string {
  const links = [...(state.rotation ? [state.rotation] : []), ...knownFormer(state, nowMs)];
  return state.active.certificatePem + links.map(({ crossPem, previousPem }) => crossPem + previousPem).join("");
}

/** Authorities whose certificates a returning machine may show. */
export function recognizedPems(state: AuthorityState, nowMs: number): readonly string[] {
  const before = [...(state.rotation ? [state.rotation] : []), ...knownFormer(state, nowMs)];
  return [state.active.certificatePem, ...before.map(({ previousPem }) => previousPem)];
}

function knownFormer({ former }: AuthorityState, nowMs: number): AuthorityState["former"] {
  return former.filter(({ returnUntilMs }) => returnUntilMs > nowMs);
}

export function rotated(
  state: AuthorityState,
  next: KeyAndCertificate,
  crossPem: string,
  details: Pick<Rotation, "startedAtMs" | "startedBy" | "endsAtMs">,
): AuthorityState {
  const rotation = { ...details, previousPem: state.active.certificatePem, crossPem };
  return { ...state, generation: state.generation + 1, active: next, rotation };
}

/** The old authority is trusted no more. */
export function finished(state: AuthorityState, nowMs: number): AuthorityState {
  const { rotation, ...rest } = state;
  if (!rotation) return state;
  const { previousPem, crossPem } = rotation;
  const returnUntilMs = Math.min(nowMs + absenceMs, readCertificate(previousPem).notAfterMs);
  return {
    ...rest,
    former: [{ previousPem, crossPem, returnUntilMs }, ...knownFormer(state, nowMs)].slice(0, maxFormer),
  };
}
