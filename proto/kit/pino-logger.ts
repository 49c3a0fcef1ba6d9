/** pino as our Logger: one JSON object a line on stderr (file descriptor 2). */
import { destination, pino } from "pino";
import type { Logger } from "./logger.ts";

export interface PinoLoggerOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  readonly component: string;
  /** Written to this descriptor, without a worker thread. */
  readonly fd?: number;
}

export function createLogger(options: PinoLoggerOptions): Logger {
  const redact = ["authorization", "token", "password", "secret", "*.authorization", "*.token", "*.password"];
  return pino(
    {
      level: options.level,
      base: { component: options.component },
      formatters: { level: (label) => ({ level: label }) },
      ...{ redact, timestamp: isoTime },
    },
    destination({ fd: options.fd ?? 2, sync: true }),
  );
}

function isoTime(): string {
  return `,"time":"${new Date().toISOString()}"`;
}
