/**
 * Modules that a bundle loads when one of their exports is read first. `import … from "node:fs"` makes Node read every export, also those that
 * load more on their first use (streams, for fs), and a package may import what it seldom needs (child_process, for commander): milliseconds
 * at each start.
 */
import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

/** Node's own. One that is itself a function (events, stream) is loaded at once. */
export const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  setup(hooks) {
    hooks.onResolve({ filter: /^[a-z0-9_:/]+$/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: "lazy-builtin" } : undefined,
    );
    hooks.onLoad({ filter: /.*/, namespace: "lazy-builtin" }, ({ path }) => {
      const load = `process.getBuiltinModule(${JSON.stringify(path)})`;
      const exported: unknown = process.getBuiltinModule(path);
      const isTable = typeof exported === "object" && exported !== null;
      return { contents: isTable ? lazyModule(load) : `module.exports = ${load}` };
    });
  },
};

/** What imports that match `filter` mean is seldom used, and in a file of its own: what is not in a bundle need not be read with it. */
export function lazyFile(name: string, filter: RegExp, file: string): Plugin {
  return {
    name: `lazy-${name}`,
    setup(hooks) {
      hooks.onResolve({ filter }, ({ path }) => ({ path, namespace: `lazy-${name}` }));
      hooks.onLoad({ filter: /.*/, namespace: `lazy-${name}` }, () => ({
        // By another name: esbuild would look for the file.
        contents: lazyModule(`load(${JSON.stringify(file)})`, "const load = require;"),
      }));
    },
  };
}

/** A package that somebody asks for and that nothing here is to have. */
export function absentPackage(name: string): Plugin {
  return {
    name: `no-${name}`,
    setup(hooks) {
      hooks.onResolve({ filter: new RegExp(`^${name}$`) }, ({ path }) => ({ path, namespace: `no-${name}` }));
      hooks.onLoad({ filter: /.*/, namespace: `no-${name}` }, () => ({ contents: "module.exports = {};" }));
    },
  };
}

/**
 * Text of a module that has what the expression `load` gives, and evaluates it once, when something of it is asked for. By way of its prototype: importing
 * it copies nothing, where a getter for each export cost a tenth of a microsecond for each file that imports it.
 */
export const lazyModule = (load: string, before = ""): string => `${before}
let loaded;
const find = (_, name) => (name === "__esModule" ? undefined : (loaded ??= ${load})[name]);
module.exports = Object.create(new Proxy({}, { get: find }));
`;
