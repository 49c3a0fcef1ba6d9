/** Paths to fields, as people and tools read them: `spec.containers[0].env[1].value`, `metadata.labels["example.com/app"]`. */

export type Path = readonly (string | number)[];

const plainKey = /^[A-Za-z_$][\w$-]*$/;
const longestKey = 200;

export function formatPath(path: Path): string {
  let text = "";
  for (const segment of path) {
    if (typeof segment === "number") text += `[${segment}]`;
    else if (plainKey.test(segment) && segment.length <= longestKey) text += text === "" ? segment : `.${segment}`;
    else text += `[${JSON.stringify(segment.slice(0, longestKey))}]`;
  }
  return text;
}

const segmentPattern = /^(?:\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\])/;

/** The inverse of `formatPath`; undefined when the text is not a path. Tools use it to find the line of a field. */
export function parsePath(text: string): Path | undefined {
  const path: (string | number)[] = [];
  let rest = text;
  while (rest !== "") {
    const match = segmentPattern.exec(rest);
    if (match === null) return undefined;
    if (match[1] !== undefined) path.push(match[1]);
    else if (match[2] !== undefined) path.push(Number(match[2]));
    else path.push(JSON.parse(`"${match[3] ?? ""}"`));
    rest = rest.slice(match[0].length);
  }
  return path;
}
