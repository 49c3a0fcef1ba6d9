/** What a registry's refusal means, and what to do about it. */
import { Problem } from "#proto/kit/problem.ts";
import { readBounded } from "./read-bounded.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { RegistryResponse } from "./transport.ts";

export interface ResponseContext {
  readonly host: string;
  /** The image, as people know it. */
  readonly object: string;
  readonly hasCredentials: boolean;
  readonly isPush: boolean;
}

const maxErrorBytes = 64 * 1024;
const secretHint = "add an imagePullSecret with credentials for this registry to the pod";

export async function responseProblem(response: RegistryResponse, context: ResponseContext): Promise<Problem> {
  const said = await message(response);
  const { host, object, hasCredentials } = context;
  const detail = said === "" ? "" : ` (it says: ${said})`;
  if (context.isPush) return pushProblem(response, context, detail);
  switch (response.status) {
    case 401:
      if (hasCredentials) {
        const hint = "check user name and password in the imagePullSecret";
        return new Problem("unauthenticated", `registry ${host} refused the credentials for ${object}${detail}`, {
          hint,
        });
      }
      return new Problem("unauthenticated", `${object} does not exist, or needs credentials${detail}`, {
        hint: `check the name and tag, or ${secretHint}`,
      });
    case 403: {
      const whose = hasCredentials ? "these credentials" : "anyone without credentials";
      return new Problem("forbidden", `registry ${host} does not give ${object} to ${whose}${detail}`, {
        hint: secretHint,
      });
    }
    case 404:
      return new Problem(
        "not-found",
        `${object} does not exist, or ${hasCredentials ? "is not for these credentials" : "needs credentials"}${detail}`,
        { hint: `check the name and tag${hasCredentials ? "" : `, or ${secretHint}`}` },
      );
    case 429:
      return limited(response, `registry ${host} limits how often images are pulled`, detail, {
        hint: "wait, or pull with credentials that have a higher limit",
      });
    default:
      return serverProblem(response, host, object, detail);
  }
}

function pushProblem(response: RegistryResponse, context: ResponseContext, detail: string): Problem {
  const { host, object, hasCredentials } = context;
  const hint = `log in as somebody who may push there: orchctl login ${host}`;
  switch (response.status) {
    case 401: {
      const what = hasCredentials ? "refused the credentials" : "wants credentials";
      return new Problem("unauthenticated", `registry ${host} ${what} to push ${object}${detail}`, { hint });
    }
    case 403:
      return new Problem("forbidden", `registry ${host} does not let these credentials push ${object}${detail}`, {
        hint,
      });
    case 404:
      return new Problem("not-found", `registry ${host} has no place for ${object}${detail}`, {
        hint: "check the repository's name; some registries want it made before the first push",
      });
    case 405:
      return new Problem("unsupported", `registry ${host} takes no pushes${detail}`);
    case 413:
      return new Problem("too-large", `${object} is too large for registry ${host}${detail}`);
    case 429:
      return limited(response, `registry ${host} limits how often images are pushed`, detail, {
        hint: "wait, then push again",
      });
    default:
      return serverProblem(response, host, object, detail);
  }
}

function serverProblem(response: RegistryResponse, host: string, object: string, detail: string): Problem {
  const text = `registry ${host} answered ${response.status} for ${object}${detail}`;
  const isTemporary = response.status === 408 || response.status >= 500;
  return new Problem("unavailable", text, isTemporary ? retryAfter(response) : { retry: "never" });
}

function retryAfter(response: RegistryResponse): { readonly retryAfterMs?: number } {
  const waitMs = retryAfterMs(response);
  return waitMs === undefined ? {} : { retryAfterMs: waitMs };
}

function limited(response: RegistryResponse, text: string, detail: string, words: { readonly hint: string }): Problem {
  const wait = retryAfter(response);
  const asked =
    wait.retryAfterMs === undefined ? "" : ` and asks to be left alone for ${Math.ceil(wait.retryAfterMs / 1000)} s`;
  return new Problem("too-many-requests", `${text}${asked}${detail}`, { ...wait, ...words });
}

/** The registry's own words: bounded, and without anything a terminal would obey. */
async function message(response: RegistryResponse): Promise<string> {
  try {
    const body = await readBounded(response.body, maxErrorBytes, "the answer");
    const json = JSON.parse(body.toString()) as { readonly errors?: readonly { readonly message?: unknown }[] };
    const text = json.errors?.[0]?.message;
    return typeof text === "string"
      ? text
          .replaceAll(/[\p{Cc}\p{Cf}]/gu, " ")
          .slice(0, 200)
          .trim()
      : "";
  } catch {
    await response.discard();
    return "";
  }
}
