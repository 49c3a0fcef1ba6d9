/** PURE. Signal names of images and manifests (`SIGQUIT`, `QUIT`, `3`, `SIGRTMIN+3`) as Linux numbers. */

const numbers: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  PWR: 30,
  SYS: 31,
};

export const sigterm = 15;
export const sigkill = 9;
const realtimeMin = 34;
const realtimeMax = 64;

/** SIGTERM for what cannot be read: an image's typing error must not make its container unstoppable. */
export function signalNumber(text: string | undefined): number {
  return (text === undefined ? undefined : signalByName(text)) ?? sigterm;
}

/** Undefined for what is no signal. */
export function signalByName(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return valid(Number(text));
  const name = text.toUpperCase().replace(/^SIG/, "");
  if (Object.hasOwn(numbers, name)) return numbers[name];
  const realtime = /^RT(MIN|MAX)([+-]\d{1,2})?$/.exec(name);
  if (!realtime) return undefined;
  return valid((realtime[1] === "MIN" ? realtimeMin : realtimeMax) + Number(realtime[2] ?? 0));
}

const valid = (number: number): number | undefined => (number >= 1 && number <= realtimeMax ? number : undefined);
