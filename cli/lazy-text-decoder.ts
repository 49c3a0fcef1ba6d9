/**
 * Stands in for Node's own in compiled commands (deploy/quick-commands.ts), and makes it when something is decoded: a library makes two as it
 * is loaded, which costs a millisecond, and most commands need none.
 */
const NodeTextDecoder = globalThis.TextDecoder;
type Own = InstanceType<typeof NodeTextDecoder>;

export class TextDecoder {
  readonly #made: () => Own;

  constructor(...given: ConstructorParameters<typeof NodeTextDecoder>) {
    let made: Own | undefined;
    this.#made = () => {
      made ??= new NodeTextDecoder(...given);
      return made;
    };
  }

  decode(...given: Parameters<Own["decode"]>): string {
    return this.#made().decode(...given);
  }
}
