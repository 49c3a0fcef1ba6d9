/**
 * A backup as a file: one line that says how to read the rest, then compressed lines of JSON: a header, one line for each key, and a
 * trailer with their number and digest. With a passphrase all but the first line is encrypted (scrypt, AES-256-GCM).
 */
import { type CipherGCM, createCipheriv, createDecipheriv, createHash, scrypt } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { appendFile, open, rename, rm } from "node:fs/promises";
import { type Duplex, PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { createGunzip, createGzip } from "node:zlib";
import { errnoOf, Problem } from "../kit/problem.ts";
import type { Random } from "../kit/random.ts";

export interface BackupHeader {
  readonly format: 1;
  readonly cluster: string;
  /** Of the control plane that wrote it. */
  readonly version: string;
  readonly createdAt: string;
  /** The store's, at which all keys were read. */
  readonly revision: string;
  /** Text of the key file that opens what is sealed. */
  readonly keyFile: string;
}

export interface BackupItem {
  readonly key: string;
  readonly value: Uint8Array;
}

export interface BackupSummary extends Omit<BackupHeader, "keyFile"> {
  readonly items: number;
  readonly sha256: string;
  readonly isEncrypted: boolean;
}

export interface BackupContent {
  readonly header: BackupHeader;
  readonly items: AsyncIterable<BackupItem>;
}

interface FirstLine {
  readonly cipher: { readonly salt: string; readonly nonce: string } | null;
}

const magic = "orch-backup 1 ";
const maxFirstLineBytes = 4096;
const tagBytes = 16;
/** A value is at most 1.5 MiB. */
const maxLineLength = 4 << 20;
const scryptCost = { N: 1 << 15, r: 8, p: 1, maxmem: 64 << 20 };

/** Whole or not at all; 0600. */
export async function writeBackupFile(
  path: string,
  content: BackupContent,
  options: { readonly passphrase: string | undefined; readonly random: Random },
): Promise<BackupSummary> {
  const temporary = `${path}.part`;
  const { passphrase, random } = options;
  const salt = random.bytes(16);
  const nonce = random.bytes(12);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  const first: FirstLine = { cipher: passphrase === undefined ? null : { salt: text(salt), nonce: text(nonce) } };
  const cipher =
    passphrase === undefined ? undefined : createCipheriv("aes-256-gcm", await keyOf(passphrase, salt), nonce);
  const counted = { items: 0, sha256: "" };
  try {
    await rm(temporary, { force: true });
    await appendFile(temporary, `${magic}${JSON.stringify(first)}\n`, { mode: 0o600, flag: "wx" });
    const target = createWriteStream(temporary, { flags: "a" });
    await pipeline(Readable.from(linesOf(content, counted)), createGzip(), cipher ?? new PassThrough(), target);
    if (cipher) await appendFile(temporary, (cipher as CipherGCM).getAuthTag());
    const file = await open(temporary, "r+");
    await file.sync().finally(() => file.close());
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
  return summaryOf(content.header, counted, cipher !== undefined);
}

async function* linesOf({ header, items }: BackupContent, counted: { items: number; sha256: string }) {
  const hash = createHash("sha256");
  const line = (value: object): string => {
    const written = `${JSON.stringify(value)}\n`;
    hash.update(written);
    return written;
  };
  yield line(header);
  for await (const { key, value } of items) {
    counted.items++;
    yield line({ key, value: Buffer.from(value).toString("base64") });
  }
  counted.sha256 = hash.digest("hex");
  yield `${JSON.stringify({ items: counted.items, sha256: counted.sha256 })}\n`;
}

/** Reads all of it and compares number and digest. Throws Problem `invalid` that says what is wrong with the file. */
export async function verifyBackupFile(path: string, passphrase: string | undefined): Promise<BackupSummary> {
  const counted = { items: 0, sha256: "" };
  const { header, items, isEncrypted } = await readBackupFile(path, passphrase, counted);
  for await (const _ of items) counted.items++;
  return summaryOf(header, counted, isEncrypted);
}

/** What it yields is not proven whole until the end: verify first. */
export async function readBackupFile(
  path: string,
  passphrase: string | undefined,
  counted: { sha256: string } = { sha256: "" },
): Promise<BackupContent & { readonly isEncrypted: boolean }> {
  const { first, bodyAt, size } = await readFirstLine(path);
  const isEncrypted = first.cipher !== null;
  const decipher = await decipherOf(path, first, size, passphrase);
  const end = isEncrypted ? size - tagBytes - 1 : size - 1;
  const plain = new PassThrough();
  // What goes wrong destroys `plain` with the reason: its reader throws it.
  pipeline(createReadStream(path, { start: bodyAt, end }), decipher, createGunzip(), plain).catch(() => undefined);
  const lines = parsedLines(plain, path, counted);
  const head = await lines.next();
  const header = head.done ? undefined : (head.value as BackupHeader);
  if (!header || typeof header.cluster !== "string") throw damaged(path, "it has no header");
  if (header.format !== 1) {
    throw new Problem("unsupported", `${path} was written by a newer version`, {
      hint: "use that version to restore it",
    });
  }
  return { header, items: itemsOf(lines, path), isEncrypted };
}

async function* itemsOf(lines: AsyncGenerator<unknown>, path: string): AsyncGenerator<BackupItem> {
  for await (const line of lines) {
    const { key, value } = line as { readonly key?: unknown; readonly value?: unknown };
    if (typeof key !== "string" || typeof value !== "string") throw damaged(path, "a line of it makes no sense");
    yield { key, value: Buffer.from(value, "base64") };
  }
}

/** Every line but the trailer, which is checked when it comes. */
async function* parsedLines(source: Readable, path: string, counted: { sha256: string }): AsyncGenerator<unknown> {
  const hash = createHash("sha256");
  let lines = 0;
  let trailer: { readonly items?: unknown; readonly sha256?: unknown } | undefined;
  try {
    for await (const line of linesIn(source, path)) {
      if (trailer) throw damaged(path, "something follows its end");
      const parsed: unknown = JSON.parse(line);
      if (typeof parsed === "object" && parsed !== null && "sha256" in parsed) trailer = parsed;
      else {
        hash.update(`${line}\n`);
        lines++;
        yield parsed;
      }
    }
  } catch (thrown) {
    throw thrown instanceof Problem ? thrown : damaged(path, unreadable(thrown), thrown);
  }
  counted.sha256 = hash.digest("hex");
  if (!trailer) throw damaged(path, "its end is missing");
  if (trailer.items !== lines - 1 || trailer.sha256 !== counted.sha256)
    throw damaged(path, "its digest does not match");
}

async function* linesIn(source: Readable, path: string): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of source) {
    const lines = (rest + decoder.write(chunk as Buffer)).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxLineLength) throw damaged(path, "a line of it is too long");
    yield* lines;
  }
  if (rest !== "") yield rest;
}

function unreadable(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return /authenticate/.test(text) ? "the passphrase is wrong, or it was changed" : text;
}

async function readFirstLine(
  path: string,
): Promise<{ readonly first: FirstLine; readonly bodyAt: number; readonly size: number }> {
  try {
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxFirstLineBytes), 0, maxFirstLineBytes, 0);
      const line = buffer.subarray(0, bytesRead);
      const end = line.indexOf("\n");
      const text = line.subarray(0, Math.max(0, end)).toString("utf8");
      if (!text.startsWith(magic)) throw damaged(path, "it is no backup of a cluster");
      const { size } = await file.stat();
      return { first: JSON.parse(text.slice(magic.length)) as FirstLine, bodyAt: end + 1, size };
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof Problem) throw thrown;
    const errno = errnoOf(thrown);
    if (errno === "ENOENT") throw new Problem("not-found", `there is no file ${path}`);
    throw damaged(path, errno ?? "its first line makes no sense", thrown);
  }
}

async function decipherOf(
  path: string,
  { cipher }: FirstLine,
  size: number,
  passphrase: string | undefined,
): Promise<Duplex> {
  if (!cipher) return new PassThrough();
  if (passphrase === undefined) {
    throw new Problem("invalid", `${path} is encrypted`, { hint: "give its passphrase with --passphrase-file FILE" });
  }
  const file = await open(path, "r");
  const tag = Buffer.alloc(tagBytes);
  await file.read(tag, 0, tagBytes, Math.max(0, size - tagBytes)).finally(() => file.close());
  const key = await keyOf(passphrase, Buffer.from(cipher.salt, "base64"));
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(cipher.nonce, "base64"), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(tag);
  return decipher;
}

function keyOf(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 32, scryptCost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function summaryOf(
  { keyFile: _, ...header }: BackupHeader,
  counted: { readonly items: number; readonly sha256: string },
  isEncrypted: boolean,
): BackupSummary {
  return { ...header, items: counted.items, sha256: counted.sha256, isEncrypted };
}

function damaged(path: string, why: string, cause?: unknown): Problem {
  return new Problem("invalid", `${path} cannot be restored: ${why}`, {
    hint: "take another backup; each can be checked beforehand: orchctl cluster restore FILE --verify",
    cause,
  });
}
