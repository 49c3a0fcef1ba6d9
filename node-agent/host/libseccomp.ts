/** Compiles seccomp profiles with the C library that runtimes use too. A profile takes it some 25 ms: callers keep the result. */
import { closeSync, fstatSync, readSync } from "node:fs";
import koffi from "koffi";
import { cstring, declare } from "./libc.ts";

export interface SeccompSource {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly SeccompSourceRule[];
}

export interface SeccompSourceRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly {
    readonly index: number;
    readonly value: number;
    readonly valueTwo?: number;
    readonly op: string;
  }[];
}

const createMemoryFile = declare<[Buffer, number]>("int memfd_create(const void *name, unsigned int flags)");

const baseActions: Readonly<Record<string, number>> = {
  SCMP_ACT_KILL: 0,
  SCMP_ACT_KILL_THREAD: 0,
  SCMP_ACT_KILL_PROCESS: 0x80000000,
  SCMP_ACT_TRAP: 0x00030000,
  SCMP_ACT_ERRNO: 0x00050000,
  SCMP_ACT_TRACE: 0x7ff00000,
  SCMP_ACT_LOG: 0x7ffc0000,
  SCMP_ACT_ALLOW: 0x7fff0000,
};

const operators: Readonly<Record<string, number>> = {
  SCMP_CMP_NE: 1,
  SCMP_CMP_LT: 2,
  SCMP_CMP_LE: 3,
  SCMP_CMP_EQ: 4,
  SCMP_CMP_GE: 5,
  SCMP_CMP_GT: 6,
  SCMP_CMP_MASKED_EQ: 7,
};

const optimizeAttribute = 8; // SCMP_FLTATR_CTL_OPTIMIZE
const binaryTree = 2; // a system call costs the filter a few comparisons instead of hundreds
const alreadyThere = -17; // EEXIST: the native architecture
const noSuchCall = -1; // __NR_SCMP_ERROR
const argumentBytes = 24; // struct scmp_arg_cmp
const notPermitted = 1; // EPERM, the runtimes' default for SCMP_ACT_ERRNO

export class SeccompCompiler {
  readonly #library: ReturnType<typeof bind>;

  private constructor(library: ReturnType<typeof bind>) {
    this.#library = library;
  }

  /** Undefined where the library is not installed. */
  static load(): SeccompCompiler | undefined {
    try {
      return new SeccompCompiler(bind(koffi.load("libseccomp.so.2")));
    } catch {
      return undefined;
    }
  }

  /** The filter as seccomp(2) takes it. Undefined for what this compiler does not understand: then the runtime has its say. */
  compile(source: SeccompSource): Buffer | undefined {
    const defaultAction = actionNumber(source.defaultAction, source.defaultErrnoRet);
    if (defaultAction === undefined) return undefined;
    const context: unknown = this.#library.init(defaultAction);
    if (context === null) return undefined;
    try {
      return this.#fill(context, source, defaultAction) ? this.#export(context) : undefined;
    } finally {
      this.#library.release(context);
    }
  }

  #fill(context: unknown, source: SeccompSource, defaultAction: number): boolean {
    this.#library.setAttribute(context, optimizeAttribute, binaryTree);
    for (const name of source.architectures) {
      const token = this.#library.architecture(name.replace("SCMP_ARCH_", "").toLowerCase());
      const result = token === 0 ? noSuchCall : this.#library.addArchitecture(context, token);
      if (result < 0 && result !== alreadyThere) return false;
    }
    return source.syscalls.every((rule) => this.#addRule(context, rule, defaultAction));
  }

  #addRule(context: unknown, rule: SeccompSourceRule, defaultAction: number): boolean {
    const action = actionNumber(rule.action, rule.errnoRet);
    if (action === undefined) return false;
    if (action === defaultAction) return true; // the library refuses what would change nothing
    const comparisons = argumentComparisons(rule.args ?? []);
    if (!comparisons) return false;
    return rule.names.every((name) => {
      const number = this.#library.resolve(name);
      // Unknown to this library or not of this machine: nothing to filter.
      if (number === noSuchCall) return true;
      return this.#library.addRule(context, action, number, rule.args?.length ?? 0, comparisons) === 0;
    });
  }

  #export(context: unknown): Buffer | undefined {
    const fd = createMemoryFile("seccomp filter", cstring("seccomp"), 1);
    try {
      if (this.#library.exportFilter(context, fd) !== 0) return undefined;
      const filter = Buffer.alloc(fstatSync(fd).size);
      readSync(fd, filter, 0, filter.length, 0);
      return filter.length > 0 ? filter : undefined;
    } finally {
      closeSync(fd);
    }
  }
}

function bind(library: ReturnType<typeof koffi.load>) {
  return {
    init: library.func("void *seccomp_init(uint32_t action)"),
    release: library.func("void seccomp_release(void *context)"),
    setAttribute: library.func("int seccomp_attr_set(void *context, int attribute, uint32_t value)"),
    architecture: library.func("uint32_t seccomp_arch_resolve_name(const char *name)"),
    addArchitecture: library.func("int seccomp_arch_add(void *context, uint32_t token)"),
    resolve: library.func("int seccomp_syscall_resolve_name(const char *name)"),
    addRule: library.func(
      "int seccomp_rule_add_array(void *context, uint32_t action, int call, unsigned int count, const void *comparisons)",
    ),
    exportFilter: library.func("int seccomp_export_bpf(void *context, int fd)"),
  };
}

function actionNumber(action: string, errno: number | undefined): number | undefined {
  const base = baseActions[action];
  if (base === undefined) return undefined;
  const carriesNumber = action === "SCMP_ACT_ERRNO" || action === "SCMP_ACT_TRACE";
  return carriesNumber ? base + ((errno ?? notPermitted) & 0xffff) : base;
}

/** Several comparisons of one argument mean "or" to runtimes, which the library cannot say in one rule. */
function argumentComparisons(args: NonNullable<SeccompSourceRule["args"]>): Buffer | undefined {
  if (new Set(args.map((arg) => arg.index)).size !== args.length) return undefined;
  const bytes = Buffer.alloc(Math.max(1, args.length) * argumentBytes);
  for (const [at, arg] of args.entries()) {
    const operator = operators[arg.op];
    if (operator === undefined) return undefined;
    bytes.writeUInt32LE(arg.index, at * argumentBytes);
    bytes.writeUInt32LE(operator, at * argumentBytes + 4);
    bytes.writeBigUInt64LE(BigInt(arg.value), at * argumentBytes + 8);
    bytes.writeBigUInt64LE(BigInt(arg.valueTwo ?? 0), at * argumentBytes + 16);
  }
  return bytes;
}
