/** The YAML parser, in a file of its own so that what reads JSON only does not load it. */
export { parse as parseYaml } from "yaml";
