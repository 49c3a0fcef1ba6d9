/** Labels and taints of a node that joins: checked here, so that a typing mistake does not end in a machine's log. Pure. */
import { ownLabelRefusal } from "#proto/resources/node-labels.ts";
import { usageProblem } from "../../program-options.ts";

export interface JoinFlags {
  readonly label: readonly string[];
  readonly taint: readonly string[];
}

/** As `orch-node-agent join` takes them. */
export function joinArguments({ label, taint }: JoinFlags): readonly string[] {
  for (const text of label) {
    const equals = text.indexOf("=");
    const refusal =
      equals > 0 ? ownLabelRefusal(text.slice(0, equals), text.slice(equals + 1)) : `"${text}" is no KEY=VALUE`;
    if (refusal !== undefined) throw usageProblem(`--label: ${refusal}`);
  }
  for (const text of taint) {
    if (!/^[^=:]+(=[^:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/.test(text))
      throw usageProblem(
        `--taint: "${text}" is no KEY=VALUE:EFFECT`,
        "effects: NoSchedule, PreferNoSchedule, NoExecute",
      );
  }
  return [...label.flatMap((one) => ["--label", one]), ...taint.flatMap((one) => ["--taint", one])];
}
