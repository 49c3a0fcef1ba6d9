/** The logger that is passed in, never imported. pino stands behind it in each program's main (see `pino-logger.ts`). */

export type LogFields = Readonly<Record<string, unknown>>;

/** error = someone must look, warn = we coped, info = state changes, debug = decisions. Once per outage, not per tick. */
export interface Logger {
  error(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  debug(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}

export const silentLogger: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  child: () => silentLogger,
};
