/** What changes between two texts, line by line, as `diff -u` writes it. Pure. */

export interface DiffNames {
  readonly before: string;
  readonly after: string;
}

interface Edit {
  readonly kind: " " | "-" | "+";
  readonly line: string;
}

const contextLines = 3;
/** Beyond so many changed lines the shortest way is not looked for. */
const maxEdits = 2_000;

/** "" when the texts are equal. */
export function unifiedDiff(before: string, after: string, names: DiffNames): string {
  if (before === after) return "";
  const edits = editsBetween(linesOf(before), linesOf(after));
  return `--- ${names.before}\n+++ ${names.after}\n${hunksOf(edits).join("")}`;
}

const linesOf = (text: string): readonly string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

function editsBetween(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const same = (lines: readonly string[]): Edit[] => lines.map((line) => ({ kind: " ", line }));
  return [
    ...same(before.slice(0, start)),
    ...shortest(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/** Myers' greedy algorithm: for each number of edits, how far each diagonal comes; then the way back. */
function shortest(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const trail: Map<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(before.length + after.length, maxEdits); edits++) {
    trail.push(reached);
    const next = new Map(reached);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = furthest(reached, diagonal, edits);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return wayBack(before, after, trail);
    }
    reached = next;
  }
  return [...before.map((line): Edit => ({ kind: "-", line })), ...after.map((line): Edit => ({ kind: "+", line }))];
}

const at = (reached: ReadonlyMap<number, number>, diagonal: number): number => reached.get(diagonal) ?? -1;

const isDown = (reached: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean =>
  diagonal === -edits || (diagonal !== edits && at(reached, diagonal - 1) < at(reached, diagonal + 1));

const furthest = (reached: ReadonlyMap<number, number>, diagonal: number, edits: number): number =>
  isDown(reached, diagonal, edits) ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1;

function wayBack(
  before: readonly string[],
  after: readonly string[],
  trail: readonly ReadonlyMap<number, number>[],
): readonly Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [before.length, after.length];
  for (let step = trail.length - 1; step >= 0; step--) {
    const reached = trail[step] ?? new Map<number, number>();
    const diagonal = x - y;
    const from = isDown(reached, diagonal, step) ? diagonal + 1 : diagonal - 1;
    const [fromX, fromY] = step === 0 ? [0, 0] : [at(reached, from), at(reached, from) - from];
    while (x > fromX && y > fromY) {
      x--;
      y--;
      edits.push({ kind: " ", line: before[x] ?? "" });
    }
    if (step === 0) break;
    if (x === fromX) edits.push({ kind: "+", line: after[--y] ?? "" });
    else edits.push({ kind: "-", line: before[--x] ?? "" });
  }
  return edits.reverse();
}

function hunksOf(edits: readonly Edit[]): readonly string[] {
  const changed = edits.flatMap((edit, index) => (edit.kind === " " ? [] : [index]));
  const ranges: { from: number; to: number }[] = [];
  for (const index of changed) {
    const last = ranges.at(-1);
    const from = Math.max(0, index - contextLines);
    const to = Math.min(edits.length, index + contextLines + 1);
    if (last && from <= last.to) last.to = to;
    else ranges.push({ from, to });
  }
  return ranges.map(({ from, to }) => hunk(edits, from, to));
}

function hunk(edits: readonly Edit[], from: number, to: number): string {
  const count = (part: readonly Edit[], kind: "-" | "+"): number =>
    part.filter((edit) => edit.kind === " " || edit.kind === kind).length;
  const [head, body] = [edits.slice(0, from), edits.slice(from, to)];
  const range = (kind: "-" | "+"): string => {
    const length = count(body, kind);
    return `${count(head, kind) + (length === 0 ? 0 : 1)},${length}`;
  };
  return `@@ -${range("-")} +${range("+")} @@\n${body.map(({ kind, line }) => `${kind}${line}\n`).join("")}`;
}

/** Removed lines red, added ones green, places cyan. */
export function colored(diff: string): string {
  const codes: Readonly<Record<string, number>> = { "-": 31, "+": 32, "@": 36 };
  return diff.replace(/^([-+@]).*$/gm, (line, kind: string) => `\u001b[${codes[kind]}m${line}\u001b[39m`);
}
