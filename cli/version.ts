/** The version of this build. package.json says the same; test/architecture compares them. */
export const version = "0.1.0";
