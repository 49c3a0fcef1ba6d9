/** The version of this build: what programs show and say hello with. package.json says the same. */
export const version = "0.1.0";
