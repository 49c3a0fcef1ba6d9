/**
 * Finds out which digest an image of a pod means, with the control plane, so that all pods of its revision mean the same. Without one that
 * knows about images this node decides alone.
 */
import { Problem } from "#proto/kit/problem.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import type { Container, Pod } from "#proto/resources/pod.ts";
import type { ImageStore, RegistryCredentials } from "../images/image-store.ts";
import type { ImageOffice } from "../images/peers/image-office.ts";
import { digestUnder, formatReference, parseReference } from "../images/reference.ts";
import { SingleFlight } from "../images/single-flight.ts";

export interface FoundPin {
  /** undefined: the image is not here and may not be fetched. */
  readonly digest: string | undefined;
  /** The registry has just named it, to who may ask there. */
  readonly isFresh: boolean;
}

export class ImagePinner {
  readonly #images: Pick<ImageStore, "find" | "resolve">;
  readonly #office: ImageOffice;
  readonly #asking = new SingleFlight<FoundPin>();

  constructor(images: Pick<ImageStore, "find" | "resolve">, office: ImageOffice) {
    this.#images = images;
    this.#office = office;
  }

  /** Pods of one revision ask together. Problems: what the registry says; `unavailable` while the control plane is away. */
  find(
    pod: Pod,
    container: Pick<Container, "image" | "imagePullPolicy">,
    credentials: readonly RegistryCredentials[],
    signal: AbortSignal,
  ): Promise<FoundPin> {
    const holder = controllerOf(pod)?.uid ?? pod.metadata.uid ?? "";
    const key = JSON.stringify([holder, container.image, container.imagePullPolicy, credentials]);
    return this.#asking.run(key, signal, (flight) => this.#find(pod, container, credentials, flight));
  }

  async #find(
    pod: Pod,
    { image, imagePullPolicy: policy }: Pick<Container, "image" | "imagePullPolicy">,
    credentials: readonly RegistryCredentials[],
    signal: AbortSignal,
  ): Promise<FoundPin> {
    const reference = parseReference(image);
    const local = policy === "Always" ? undefined : await this.#images.find(image);
    const present = local && digestUnder(local, reference);
    // A pod of its own shares its answer with nobody: what is here will do.
    if (present !== undefined && !controllerOf(pod)) return { digest: present, isFresh: false };
    const resolve = (): Promise<string> => this.#images.resolve(image, { credentials }, signal);
    if (this.#office.state === "absent") {
      if (present !== undefined || policy === "Never") return { digest: present, isFresh: false };
      return { digest: await resolve(), isFresh: true };
    }
    const { namespace = "default", name: podName, uid = "" } = pod.metadata;
    const question = { namespace, pod: podName, uid, image, name: formatReference(reference) };
    const known = await this.#ask({ ...question, present }, signal);
    if (known !== undefined || policy === "Never") return { digest: known, isFresh: false };
    let resolved: string;
    try {
      resolved = await resolve();
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const elsewhere = await this.#ask({ ...question, failed: true }, signal);
      if (elsewhere === undefined) throw thrown;
      return { digest: elsewhere, isFresh: false };
    }
    const agreed = (await this.#ask({ ...question, resolved }, signal)) ?? resolved;
    return { digest: agreed, isFresh: agreed === resolved };
  }

  async #ask(question: Parameters<ImageOffice["pin"]>[0], signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.#office.pin(question, signal);
    } catch (thrown) {
      const problem = Problem.from(thrown);
      if (signal.aborted || problem.code !== "unavailable") throw problem;
      throw new Problem("unavailable", `which content "${question.image}" means cannot be asked: ${problem.message}`, {
        cause: problem,
        hint: "It is asked again as soon as the control plane is back.",
      });
    }
  }
}
