/**
 * Intel's ISA-L, where it is installed: inflates twice as fast as zlib and sums ten times as fast. Whoever calls it has another way
 * for machines without it, with the same results.
 */
import { gzipSync, crc32 as zlibCrc32 } from "node:zlib";
import koffi from "koffi";

interface Functions {
  readonly init: (state: Buffer) => void;
  readonly reset: (state: Buffer) => void;
  readonly inflate: (state: Buffer) => number;
  readonly crc32: (start: number, bytes: Uint8Array, length: number) => number;
}

/** `struct inflate_state` of libisal.so.2 (igzip_lib.h): its size, rounded up, and where its fields are. */
const stateBytes = 128 * 1024;
const fields = { nextOut: 0, availableOut: 8, nextIn: 16, availableIn: 32, blockState: 21160, format: 21172 } as const;
const gzipFormat = 6; // ISAL_GZIP_NO_HDR_VER: the trailer is checked too. Headers that come in pieces it cannot read.
const plainHeaderBytes = 10; // without a name or anything else
const blockFinished = 5; // ISAL_BLOCK_FINISH

/** Negative answers of isal_inflate. */
const failures: ReadonlyMap<number, string> = new Map([
  [-1, "invalid block"],
  [-2, "invalid symbol"],
  [-3, "invalid distance"],
  [-6, "incorrect data check"],
]);

export interface InflateStep {
  /** Bytes taken from the input and written to the output. */
  readonly consumed: number;
  readonly produced: number;
  /** The gzip member is whole, and its checksum right. */
  readonly isFinished: boolean;
}

/** What is behind a gzip member's header, for one member after the other. */
export class GzipMember {
  readonly #functions: Functions;
  readonly #state = Buffer.alloc(stateBytes);

  constructor(functions: Functions) {
    this.#functions = functions;
    functions.init(this.#state);
    this.#state.writeUInt32LE(gzipFormat, fields.format);
  }

  /** The next one begins. */
  reset(): void {
    this.#functions.reset(this.#state);
  }

  /** As much as there is input and room for output. Returns what is wrong as a text. */
  step(input: Buffer, output: Buffer): InflateStep | string {
    const state = this.#state;
    state.writeBigUInt64LE(koffi.address(input), fields.nextIn);
    state.writeUInt32LE(input.length, fields.availableIn);
    state.writeBigUInt64LE(koffi.address(output), fields.nextOut);
    state.writeUInt32LE(output.length, fields.availableOut);
    const result = this.#functions.inflate(state);
    if (result !== 0) return failures.get(result) ?? `error ${result}`;
    return {
      consumed: input.length - state.readUInt32LE(fields.availableIn),
      produced: output.length - state.readUInt32LE(fields.availableOut),
      isFinished: state.readUInt32LE(fields.blockState) === blockFinished,
    };
  }
}

export class IsaLibrary {
  readonly #functions: Functions;

  private constructor(functions: Functions) {
    this.#functions = functions;
  }

  /** Undefined where it is not installed, or is not what we know. */
  static load(): IsaLibrary | undefined {
    try {
      const library = new IsaLibrary(bind(koffi.load("libisal.so.2")));
      return library.#isKnown() ? library : undefined;
    } catch {
      return undefined;
    }
  }

  gzipMember(): GzipMember {
    return new GzipMember(this.#functions);
  }

  crc32(bytes: Uint8Array): number {
    return this.#functions.crc32(0, bytes, bytes.length);
  }

  /** A version with another structure would give something else, or say that it is not finished. */
  #isKnown(): boolean {
    const plain = Buffer.from("what a library must give back ".repeat(40));
    const output = Buffer.alloc(plain.length + 1);
    const step = this.gzipMember().step(gzipSync(plain).subarray(plainHeaderBytes), output);
    const isInflated = typeof step === "object" && step.isFinished && step.produced === plain.length;
    return isInflated && output.subarray(0, plain.length).equals(plain) && this.crc32(plain) === zlibCrc32(plain);
  }
}

function bind(library: ReturnType<typeof koffi.load>): Functions {
  return {
    init: library.func("void isal_inflate_init(void *state)"),
    reset: library.func("void isal_inflate_reset(void *state)"),
    inflate: library.func("int isal_inflate(void *state)"),
    crc32: library.func("uint32_t crc32_gzip_refl(uint32_t start, const void *bytes, uint64_t length)"),
  };
}

/** Undefined where it is not installed. */
export const isaLibrary: IsaLibrary | undefined = IsaLibrary.load();
