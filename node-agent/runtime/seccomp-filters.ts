/**
 * Compiled seccomp profiles, kept. crun would compile the profile anew for each container, at two thirds of the cost of its start;
 * it takes a finished filter instead, in an annotation that it documents (crun.1, run.oci.seccomp_bpf_data).
 */
import { SeccompCompiler } from "../host/libseccomp.ts";
import type { OciConfig, OciSeccomp } from "./oci-types.ts";

/** More sets of capabilities than that on one node are compiled by crun. */
const maxFilters = 32;

export class SeccompFilters {
  readonly #compiler = SeccompCompiler.load();
  readonly #filters = new Map<string, string | undefined>();

  /** The configuration with its filter attached, where there is one and it can be compiled here. The profile itself stays in it. */
  attachTo(config: OciConfig): OciConfig {
    const { seccomp } = config.linux;
    const filter = seccomp && this.#filterFor(seccomp);
    if (filter === undefined) return config;
    return { ...config, annotations: { ...config.annotations, "run.oci.seccomp_bpf_data": filter } };
  }

  #filterFor(profile: OciSeccomp): string | undefined {
    const key = JSON.stringify(profile);
    if (!this.#filters.has(key)) {
      if (this.#filters.size >= maxFilters) return undefined;
      this.#filters.set(key, this.#compiler?.compile(profile)?.toString("base64"));
    }
    return this.#filters.get(key);
  }
}
