/**
 * Intel's ISA-L, where it is installed: inflates twice as fast as zlib and sums ten times as fast. Whoever calls it has another way
 * for machines without it, with the same results.
 */
import koffi from "koffi";

interface Functions {
  readonly init: (state: Buffer) => void;
  readonly reset: (state: Buffer) => void;
  readonly inflate: (state: Buffer) => number;
  readonly inflateElsewhere: (state: Buffer) => Promise<number>;
  readonly crc32: (start: number, bytes: Uint8Array, length: number) => number;
}

/** `struct inflate_state` of libisal.so.2 (igzip_lib.h): its size, rounded up, and where its fields are. */
const stateBytes = 128 * 1024;
const fields = { nextOut: 0, availableOut: 8, nextIn: 16, availableIn: 32, blockState: 21160, format: 21172 } as const;
const gzipFormat = 6; // ISAL_GZIP_NO_HDR_VER: the trailer is checked too. Headers that come in pieces it cannot read.
const blockFinished = 5; // ISAL_BLOCK_FINISH

/** Negative answers of isal_inflate. */
const failures: ReadonlyMap<number, string> = new Map([
  [-1, "invalid block"],
  [-2, "invalid symbol"],
  [-3, "invalid distance"],
  [-6, "incorrect data check"],
]);

/** Made by zlib, which is not loaded for this. */
const sample = {
  plain: Buffer.from("what a library must give back ".repeat(40)),
  deflated: Buffer.from("K89ILFFIVMjJTCpKLKpUyC0tLlFIzyxLVUhKTM5WKB+VHZUdlR2VHTSyAM8ZzzqwBAAA", "base64"),
  crc: 0x3acf19cf,
} as const;

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
    this.#give(input, output);
    return this.#taken(this.#functions.inflate(this.#state), input, output);
  }

  /** The same on a thread of the pool: both buffers are its own until it resolves, and so is this object. */
  async stepElsewhere(input: Buffer, output: Buffer): Promise<InflateStep | string> {
    this.#give(input, output);
    return this.#taken(await this.#functions.inflateElsewhere(this.#state), input, output);
  }

  #give(input: Buffer, output: Buffer): void {
    const state = this.#state;
    state.writeBigUInt64LE(koffi.address(input), fields.nextIn);
    state.writeUInt32LE(input.length, fields.availableIn);
    state.writeBigUInt64LE(koffi.address(output), fields.nextOut);
    state.writeUInt32LE(output.length, fields.availableOut);
  }

  #taken(result: number, input: Buffer, output: Buffer): InflateStep | string {
    if (result !== 0) return failures.get(result) ?? `error ${result}`;
    const state = this.#state;
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
    const output = Buffer.alloc(sample.plain.length + 1);
    const step = this.gzipMember().step(sample.deflated, output);
    const isInflated = typeof step === "object" && step.isFinished && step.produced === sample.plain.length;
    return (
      isInflated && output.subarray(0, step.produced).equals(sample.plain) && this.crc32(sample.plain) === sample.crc
    );
  }
}

function bind(library: ReturnType<typeof koffi.load>): Functions {
  const inflate = library.func("int isal_inflate(void *state)");
  return {
    init: library.func("void isal_inflate_init(void *state)"),
    reset: library.func("void isal_inflate_reset(void *state)"),
    inflate,
    inflateElsewhere: (state) =>
      new Promise((resolve, reject) => {
        inflate.async(state, (thrown: unknown, result: unknown) => {
          if (thrown) reject(thrown);
          else resolve(Number(result));
        });
      }),
    crc32: library.func("uint32_t crc32_gzip_refl(uint32_t start, const void *bytes, uint64_t length)"),
  };
}

/** Undefined where it is not installed. */
export const isaLibrary: IsaLibrary | undefined = IsaLibrary.load();
