/** Swaps two names over and over, as a hostile container does in a volume it shares: `exchange-forever.ts A B`. Ends with its input. */
import { cstring, declare } from "#node-agent/host/libc.ts";

const atCurrentDirectory = -100;
const exchange = 2; // RENAME_EXCHANGE
const rename = declare<[number, Buffer, number, Buffer, number]>(
  "int renameat2(int from, const void *a, int to, const void *b, unsigned int flags)",
);

const [a = "", b = ""] = process.argv.slice(2);
const [first, second] = [cstring(a), cstring(b)];
let swaps = 0;

/** In turns, so that the end of the input is seen. */
function swap(): void {
  for (let i = 0; i < 1_001; i++) rename(a, atCurrentDirectory, first, atCurrentDirectory, second, exchange);
  if (swaps++ === 0) process.stdout.write("swapping\n");
  setImmediate(swap);
}

process.stdin.on("close", () => process.exit(0));
process.stdin.resume();
swap();
