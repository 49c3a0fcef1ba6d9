/** orchctl with all its commands. */
import { allCommands } from "./all-commands.ts";
import { runProgram } from "./program-main.ts";

/** Ends the process. `directory` is that of the program's first file. */
export const main = (directory: string): Promise<void> => runProgram(directory, allCommands);
