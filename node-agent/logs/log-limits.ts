/** How much is kept of what containers wrote. */

/** Of one container that runs. */
export interface RotationLimits {
  readonly maxBytes: number;
  /** The written one included. */
  readonly maxFiles: number;
}

/** Of all pods that are gone. */
export interface GoneLimits {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

export interface LogLimits {
  readonly rotation: RotationLimits;
  readonly gone: GoneLimits;
}

/** The names of older files have two digits at most. */
export const maxLogFiles = 100;

export const defaultLogLimits: LogLimits = {
  rotation: { maxBytes: 10 * 2 ** 20, maxFiles: 5 },
  gone: { maxAgeMs: 24 * 3_600_000, maxBytes: 2 ** 30 },
};
