/**
 * In which form objects of each kind are stored. A kind whose form changes raises its `storageVersion` in the catalog and gets a
 * migration here: older objects are read as if they were of today's form from then on, and rewritten while the cluster runs.
 */
import { Problem } from "#proto/kit/problem.ts";
import { catalog } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";

/** From one stored form of a kind to the next. Pure, and total: it gets every object that was ever stored like that. */
export interface Migration {
  /** PLURAL or PLURAL.GROUP. */
  readonly resource: string;
  /** To `from` + 1. */
  readonly from: number;
  readonly migrate: (object: KubeObject) => KubeObject;
}

interface VersionedKind {
  readonly resource: string;
  readonly storageVersion: number;
}

type KindKey = { readonly group: string; readonly plural: string };

/** In order of their versions. None yet: every kind is stored as it was first. */
export const migrations: readonly Migration[] = [];

export class StoredVersions {
  readonly kinds: readonly VersionedKind[];
  readonly #current: ReadonlyMap<string, number>;
  readonly #steps: ReadonlyMap<string, Migration>;

  /** Throws TypeError when a form has no way to the next one. */
  constructor(kinds: readonly VersionedKind[], steps: readonly Migration[]) {
    this.kinds = kinds;
    this.#current = new Map(kinds.map(({ resource, storageVersion }) => [resource, storageVersion]));
    this.#steps = new Map(steps.map((step) => [`${step.resource} ${step.from}`, step]));
    for (const { resource, storageVersion } of kinds) {
      for (let from = 1; from < storageVersion; from++)
        if (!this.#steps.has(`${resource} ${from}`))
          throw new TypeError(`${resource} stored as version ${from} has no migration`);
    }
  }

  /** What is written now. */
  current(kind: KindKey): number {
    return this.#current.get(resourceOf(kind)) ?? 1;
  }

  /** Throws Problem `unsupported` for a form newer than ours. */
  migrated(kind: KindKey, object: KubeObject, version: number): KubeObject {
    const resource = resourceOf(kind);
    const current = this.current(kind);
    if (version > current) throw newerData(resource, version, current);
    let migrated = object;
    for (let from = version; from < current; from++) {
      const step = this.#steps.get(`${resource} ${from}`);
      if (!step) throw new Problem("internal", `${resource} stored as version ${from} has no migration`);
      migrated = step.migrate(migrated);
    }
    return migrated;
  }
}

export function newerData(resource: string, version: number, current: number): Problem {
  return new Problem(
    "unsupported",
    `the data is newer than this control plane: ${resource} are stored as version ${version}, and it reads up to ${current}`,
    { hint: "Start the newer version again; going back needs a backup from before the upgrade." },
  );
}

const resourceOf = ({ group, plural }: KindKey): string => (group === "" ? plural : `${plural}.${group}`);

export const productVersions = new StoredVersions(catalog, migrations);
