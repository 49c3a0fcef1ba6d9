/** A request's headers as Node gives them: by name, several values of one name joined. */
import type { IncomingHttpHeaders } from "node:http2";
import type { Header } from "./static-table.ts";

export type RequestHeaders = IncomingHttpHeaders;

const pseudo = new Set([":method", ":path", ":scheme", ":authority", ":protocol"]);

/** Undefined when they break the rules of HTTP/2 (RFC 9113, section 8). */
export function requestHeaders(list: readonly Header[]): RequestHeaders | undefined {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  let isPseudo = true;
  for (const [name, value] of list) {
    const isOwn = name.startsWith(":");
    if (isOwn && (!isPseudo || !pseudo.has(name) || headers[name] !== undefined)) return undefined;
    isPseudo &&= isOwn;
    if (name === "" || name !== name.toLowerCase()) return undefined;
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const isWhole =
    headers[":method"] !== undefined && headers[":path"] !== undefined && headers[":scheme"] !== undefined;
  return isWhole ? headers : undefined;
}
