/** A blob from another node: HTTPS with both certificates, resumable, given up after a silence. */
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { nodeTlsName } from "#proto/identity/names.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { BlobContent, BlobSource } from "../blob-source.ts";
import type { PeerOffer } from "./image-office.ts";
import { blobPath, type PeerIdentity, ticketHeader } from "./peer-identity.ts";

export interface PeerSourceOptions {
  readonly offer: PeerOffer;
  readonly digest: string;
  readonly identity: PeerIdentity;
  readonly clock: Clock;
  /** It did not do what it was asked for. */
  readonly onFailure: () => void;
  /** It gave all it was asked for; whether that is right shows later. */
  readonly onDelivered: () => void;
}

const connectMs = 3_000;
/** A peer that reads along may have to wait for its own source, so it is given longer than a registry's silence is cut short in. */
const silenceMs = 20_000;

export class PeerSource implements BlobSource {
  readonly #options: PeerSourceOptions;

  constructor(options: PeerSourceOptions) {
    this.#options = options;
  }

  get name(): string {
    return `node ${this.#options.offer.node}`;
  }

  async open(offset: number, signal: AbortSignal): Promise<BlobContent> {
    try {
      const response = await this.#request(offset, signal);
      if (response.statusCode !== 200 && response.statusCode !== 206) throw await this.#refusal(response);
      return { offset: response.statusCode === 206 ? offset : 0, chunks: this.#chunks(response, signal) };
    } catch (thrown) {
      throw this.#failed(thrown, signal);
    }
  }

  #request(offset: number, signal: AbortSignal): Promise<IncomingMessage> {
    const { offer, digest, identity, clock } = this.#options;
    const { hostname, port } = new URL(`https://${offer.address}`);
    return new Promise((resolve, reject) => {
      const asking = request({
        host: hostname.replace(/^\[|\]$/g, ""),
        port: Number(port || 443),
        path: blobPath(digest),
        servername: nodeTlsName(offer.node, identity.cluster),
        ca: identity.authoritiesPem,
        cert: identity.certificateChainPem,
        key: identity.privateKeyPem,
        minVersion: "TLSv1.3",
        agent: new Agent({ keepAlive: false }),
        headers: { [ticketHeader]: offer.ticket, ...(offset > 0 && { range: `bytes=${offset}-` }) },
        signal,
      });
      // A peer that waits for its own source answers late, but it accepts at once.
      const timer = clock.after(connectMs, () => asking.destroy(this.#silent("accept a connection")));
      asking.on("socket", (socket) => socket.once("secureConnect", () => timer.cancel()));
      const answer = clock.after(silenceMs, () => asking.destroy(this.#silent("answer")));
      asking.on("response", (response) => {
        answer.cancel();
        resolve(response);
      });
      asking.on("error", (thrown) => {
        timer.cancel();
        answer.cancel();
        reject(thrown);
      });
      asking.end();
    });
  }

  async *#chunks(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer> {
    const { clock, onDelivered } = this.#options;
    const silent = (): void => void response.destroy(this.#silent("send anything"));
    let timer = clock.after(silenceMs, silent);
    try {
      for await (const chunk of response) {
        timer.cancel();
        yield chunk as Buffer;
        timer = clock.after(silenceMs, silent);
      }
      if (!response.complete) throw new Problem("unavailable", `${this.name} broke off`);
      onDelivered();
    } catch (thrown) {
      throw this.#failed(thrown, signal);
    } finally {
      timer.cancel();
      response.destroy();
    }
  }

  async #refusal(response: IncomingMessage): Promise<Problem> {
    let text = "";
    for await (const chunk of response) text = (text + String(chunk)).slice(0, 200);
    const code = response.statusCode === 404 ? "not-found" : response.statusCode === 403 ? "forbidden" : "unavailable";
    return new Problem(code, `${this.name} answers ${response.statusCode}: ${text.trim()}`);
  }

  #silent(what: string): Problem {
    return new Problem("timeout", `${this.name} did not ${what} in time`);
  }

  #failed(thrown: unknown, signal: AbortSignal): Problem {
    if (signal.aborted) return Problem.from(signal.reason);
    this.#options.onFailure();
    if (thrown instanceof Problem) return thrown;
    return new Problem("unavailable", `${this.name} cannot be read from: ${errnoOf(thrown) ?? String(thrown)}`, {
      cause: thrown,
    });
  }
}
