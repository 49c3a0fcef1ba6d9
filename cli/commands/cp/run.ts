/** Copies a tree of files between here and a container, over the same streams as exec. */
import { lstat, readlink, realpath } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { openDirectory } from "#proto/kit/tree/beneath.ts";
import { type ReadTally, readTree } from "#proto/kit/tree/read-tree.ts";
import { type WriteTally, writeTree } from "#proto/kit/tree/write-tree.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import { type FrameData, FrameStream } from "../../client/frame-stream.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { visible } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";
import { containerOf, podOf } from "../pod-of.ts";
import { lastName, meansContent, type RemoteSide, sidesOf } from "./sides.ts";

export interface CpOptions {
  readonly container?: string;
  readonly followLink?: boolean;
}

interface Copying {
  readonly connection: Connection;
  readonly remote: RemoteSide;
  readonly options: CpOptions;
  readonly environment: Environment;
}

/** As everything that is made without saying more. */
const usualMode = 0o755;

export async function runCp(
  source: string,
  destination: string,
  options: CpOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const sides = sidesOf(source, destination);
  const { namespace } = sides.remote;
  await withConnection(
    { ...global, ...(namespace !== undefined && { namespace }) },
    environment,
    async (connection) => {
      const copying = { connection, remote: sides.remote, options, environment };
      const local = resolve(environment.workingDirectory, sides.local);
      if (sides.kind === "upload") await upload(local, meansContent(sides.local), copying);
      else await download(local, copying);
    },
  );
}

async function upload(path: string, isContent: boolean, copying: Copying): Promise<void> {
  // What is named is meant, also through a link; links below it stay links.
  const real = await realpath(path).catch((thrown: unknown) => {
    if (errnoOf(thrown) === "ENOENT") throw new Problem("not-found", `${path} does not exist`);
    throw thrown;
  });
  const directory = await openDirectory(isContent ? real : dirname(real));
  const tally: ReadTally = { files: 0, bytes: 0, skipped: [] };
  try {
    const stream = await open(copying, { upload: true, name: isContent ? "" : basename(path) });
    try {
      await exchange(stream, readTree(directory, Buffer.from(isContent ? "" : basename(real)), tally));
      const { detail } = stream.outcome;
      tell(
        copying,
        { ...(detail as WriteTally), skipped: tally.skipped },
        `${copying.remote.pod}:${copying.remote.path}`,
      );
    } finally {
      stream.close();
    }
  } finally {
    await directory.close();
  }
}

/** Sends all, and reads to the result. A container that refuses ends the sending; what fails here is what the user hears. */
async function exchange(stream: FrameStream, parts: AsyncIterable<Buffer>): Promise<void> {
  let failed: { readonly thrown: unknown } | undefined;
  const send = async (): Promise<void> => {
    for await (const part of parts) await stream.write(part);
    await stream.endInput();
  };
  const sending = send().catch((thrown: unknown) => {
    failed = { thrown };
    stream.close();
  });
  try {
    for await (const _ of stream.data()) void _;
  } catch (thrown) {
    throw failed ? failed.thrown : thrown;
  }
  stream.close();
  await sending;
}

async function download(path: string, copying: Copying): Promise<void> {
  const { remote, options } = copying;
  const isContent = meansContent(remote.path);
  const target = await destination(path, isContent ? "" : lastName(remote.path), remote);
  const directory = await openDirectory(await realpath(dirname(target)));
  try {
    const stream = await open(copying, { upload: false, content: isContent, follow: options.followLink ?? false });
    try {
      const name = Buffer.from(basename(target));
      const data = stream.data();
      const written = await writeTree(bytesOf(data), { directory, name, modeMask: usualMode, random: systemRandom });
      for await (const _ of data) void _;
      const { skipped } = stream.outcome.detail as ReadTally;
      tell(copying, { ...written, skipped }, target);
      await tellOfLink(copying, target);
    } finally {
      stream.close();
    }
  } finally {
    await directory.close();
  }
}

/** As cp(1): into a directory that is there, else under the name given. */
async function destination(path: string, name: string, { path: remotePath }: RemoteSide): Promise<string> {
  const stats = await lstat(path).catch(() => undefined);
  const isDirectory =
    stats?.isDirectory() === true || (stats?.isSymbolicLink() === true && (await leadsToDirectory(path)));
  if (!isDirectory) {
    await realpath(dirname(path)).catch(() => {
      throw new Problem("not-found", `there is no directory ${dirname(path)} here`);
    });
    return path;
  }
  if (meansContent(remotePath)) return realpath(path);
  if (name === "")
    throw usageProblem(`${remotePath} has no name to give it here`, `add /. to copy what is in it: ${remotePath}/.`);
  return resolve(path, name);
}

const leadsToDirectory = async (path: string): Promise<boolean> =>
  (await lstat(await realpath(path).catch(() => path))).isDirectory();

async function open(
  { connection, remote, options, environment }: Copying,
  copy: { readonly upload: boolean; readonly name?: string; readonly content?: boolean; readonly follow?: boolean },
): Promise<FrameStream> {
  const pod = await podOf(connection, remote.pod);
  return FrameStream.open(
    connection.api.rpc,
    {
      kind: "copy",
      namespace: connection.namespace,
      pod: pod.metadata.name,
      container: containerOf(pod, options.container),
      copy: { path: remote.path, ...copy },
    },
    environment.signal,
  );
}

/** Leaves `data` open at its end: the result is still to come. */
async function* bytesOf(data: AsyncGenerator<FrameData, void, undefined>): AsyncGenerator<Uint8Array, void, undefined> {
  while (true) {
    const { value, done } = await data.next();
    if (done) return;
    yield value.bytes;
  }
}

/** A link alone seldom leads anywhere here. */
async function tellOfLink({ environment, options }: Copying, target: string): Promise<void> {
  if (options.followLink || !(await lstat(target)).isSymbolicLink()) return;
  environment.err.write(`It is a link to ${visible(await readlink(target))}: -L copies what it leads to\n`);
}

function tell(
  { environment }: Copying,
  { files, bytes, skipped }: WriteTally & { readonly skipped: readonly string[] },
  where: string,
): void {
  if (skipped.length > 0) {
    const names = skipped.slice(0, 5).map(visible).join(", ");
    environment.err.write(
      `warning: left out what is neither file, directory nor link: ${names}${skipped.length > 5 ? " …" : ""}\n`,
    );
  }
  environment.err.write(`Copied ${files} ${files === 1 ? "file" : "files"}, ${bytes} bytes, to ${visible(where)}\n`);
}
