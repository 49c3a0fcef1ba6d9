/**
 * Which key seals, and how far the replacement of one by another has come: what the store keeps, and each step that leads on. Pure.
 *
 * A new key is handed out first (sealed under the old one), used when every living control plane has it on its disk, and then the old
 * key's permit is taken away: from that moment on nothing sealed with it can be written any more, so that one pass finds all that is left.
 */
import { Problem } from "#proto/kit/problem.ts";
import { isSealed, type Sealed } from "../store/sealer.ts";

/**
 * handing out: the new key reaches the control planes; the old one seals. closing: the new one seals; the old one's permit is about to
 * go. rewriting: what is sealed with the old one is sealed anew. rewritten: nothing is; the old one is kept for who was away.
 */
export type RotationPhase = "handing out" | "closing" | "rewriting" | "rewritten";

export interface KeyRotation {
  readonly from: string;
  readonly to: string;
  /** The new key, sealed under the old one: how a control plane that was off gets it. */
  readonly link: Sealed;
  readonly phase: RotationPhase;
  readonly startedAtMs: number;
  readonly startedBy: string;
  readonly rewrittenAtMs?: number;
}

export interface RetiredKey {
  readonly id: string;
  readonly retiredAtMs: number;
}

export interface KeyState {
  readonly version: 1;
  /** Id of the key that seals what is written. */
  readonly active: string;
  readonly rotation?: KeyRotation;
  /** Keys that open nothing any more and are gone from the key files, newest first. */
  readonly retired: readonly RetiredKey[];
}

/** A control plane that lives, as far as the rotation cares. */
export interface KeyHolder {
  readonly name: string;
  /** Ids of the keys in its file. */
  readonly keys: readonly string[];
  /** Why its file cannot be written. */
  readonly trouble?: string;
}

export type RotationStep =
  | { readonly kind: "rest" }
  /** Until these control planes have the new key, or are gone. */
  | { readonly kind: "wait"; readonly holders: readonly KeyHolder[] }
  | { readonly kind: "switch"; readonly next: KeyState }
  | { readonly kind: "close"; readonly permit: string; readonly next: KeyState }
  | { readonly kind: "rewrite"; readonly from: string };

const maxRetired = 16;
/** Longer than anybody is away on purpose. */
const keptForMs = 7 * 24 * 3_600_000;
const slowMs = 15 * 60_000;

export const firstKeyState = (active: string): KeyState => ({ version: 1, active, retired: [] });

export const linkContext = (id: string): string => `sealing/keys/${id}`;

/** What the leader does next. */
export function nextStep(state: KeyState, holders: readonly KeyHolder[]): RotationStep {
  const { rotation } = state;
  if (!rotation || rotation.phase === "rewritten") return { kind: "rest" };
  const { from, to, phase } = rotation;
  if (phase === "handing out") {
    const waiting = withoutKey(holders, to);
    if (waiting.length > 0) return { kind: "wait", holders: waiting };
    return { kind: "switch", next: { ...state, active: to, rotation: { ...rotation, phase: "closing" } } };
  }
  if (phase === "closing") {
    return { kind: "close", permit: from, next: { ...state, rotation: { ...rotation, phase: "rewriting" } } };
  }
  return { kind: "rewrite", from };
}

/** Throws Problem `conflict` while the key before is still kept. */
export function begun(state: KeyState, rotation: Omit<KeyRotation, "phase" | "from">): KeyState {
  if (state.rotation) throw underWay(state.rotation);
  return { ...state, rotation: { ...rotation, from: state.active, phase: "handing out" } };
}

function underWay({ phase, startedBy }: KeyRotation): Problem {
  if (phase === "rewritten") {
    return new Problem("conflict", "the key before this one is still kept", {
      hint: "Drop it with `orchctl cluster key finish`, then rotate again.",
    });
  }
  return new Problem("conflict", `the key is being rotated already, by ${startedBy}`, {
    hint: "See how far it is: `orchctl cluster key status`.",
  });
}

/** When a pass over everything found nothing left under the old key. */
export function rewritten(state: KeyState, nowMs: number): KeyState {
  if (state.rotation?.phase !== "rewriting") return state;
  return { ...state, rotation: { ...state.rotation, phase: "rewritten", rewrittenAtMs: nowMs } };
}

/** Without the old key. Throws Problem `conflict` while somebody needs it; the same state back when there is none. */
export function finished(state: KeyState, holders: readonly KeyHolder[], nowMs: number): KeyState {
  const { rotation, ...rest } = state;
  if (!rotation) return state;
  if (rotation.phase !== "rewritten") {
    throw new Problem("conflict", "Secrets are still sealed with the old key", {
      hint: "See how far it is: `orchctl cluster key status`. It goes on by itself.",
    });
  }
  const missing = withoutKey(holders, rotation.to);
  if (missing.length > 0) {
    const [first] = missing;
    throw new Problem("conflict", `not every control plane has the new key in its file: ${namesOf(missing)}`, {
      hint:
        first?.trouble ?? "Wait a moment, or stop that control plane: it is given the new key when it starts again.",
    });
  }
  const retired = [{ id: rotation.from, retiredAtMs: nowMs }, ...state.retired].slice(0, maxRetired);
  return { ...rest, retired };
}

/** What of a rotation needs a person, in sentences. */
export function sealingWarnings(state: KeyState, holders: readonly KeyHolder[], nowMs: number): readonly string[] {
  const found = holders.flatMap(({ name, trouble }) => (trouble ? [`Control plane ${name}: ${trouble}.`] : []));
  const { rotation } = state;
  if (!rotation) return found;
  const { phase, from, startedAtMs, rewrittenAtMs = nowMs } = rotation;
  if (phase === "rewritten" && nowMs - rewrittenAtMs > keptForMs) {
    found.push(`The sealing key ${from} was replaced long ago and is still kept: orchctl cluster key finish.`);
  }
  if (phase !== "rewritten" && nowMs - startedAtMs > slowMs) {
    found.push(`The replacement of the sealing key ${from} takes long: orchctl cluster key status says why.`);
  }
  return found;
}

export const namesOf = (holders: readonly KeyHolder[]): string => holders.map(({ name }) => name).join(", ");

const withoutKey = (holders: readonly KeyHolder[], id: string): readonly KeyHolder[] =>
  holders.filter(({ keys }) => !keys.includes(id));

/** Throws Problem `unsupported` for what a newer control plane wrote. */
export function parseKeyState(value: Uint8Array): KeyState {
  const parsed: unknown = JSON.parse(Buffer.from(value).toString("utf8"));
  if (!isKeyState(parsed)) {
    throw new Problem(
      "unsupported",
      "the state of the sealing key was written by a newer version of the control plane",
      {
        hint: "Start that version again.",
      },
    );
  }
  return parsed;
}

function isKeyState(value: unknown): value is KeyState {
  if (typeof value !== "object" || value === null) return false;
  const { version, active, rotation, retired }: Partial<Record<keyof KeyState, unknown>> = value;
  if (version !== 1 || typeof active !== "string" || !Array.isArray(retired)) return false;
  return (
    rotation === undefined ||
    (typeof rotation === "object" && rotation !== null && "link" in rotation && isSealed(rotation.link))
  );
}
