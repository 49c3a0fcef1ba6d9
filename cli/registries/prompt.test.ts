import assert from "node:assert/strict";
import { test } from "node:test";
import { Prompt } from "./prompt.ts";

/** A terminal at which these keys are pressed; remembers what was shown, and when nothing was echoed. */
function terminal(...keys: readonly string[]) {
  const seen = { text: "", raw: [] as boolean[] };
  const err = {
    write(text: string | Uint8Array): void {
      seen.text += String(text);
    },
    drained: async () => undefined,
    isTerminal: true,
    columns: 80,
    size: () => undefined,
    onResize: () => () => undefined,
  };
  const input = {
    isTerminal: true,
    setRaw: (raw: boolean) => void seen.raw.push(raw),
    async *[Symbol.asyncIterator]() {
      for (const key of keys) yield Buffer.from(key);
    },
  };
  return { seen, prompt: new Prompt({ input, err }) };
}

test("a name and a password, typed ahead or key by key; the password is not echoed", async () => {
  for (const keys of [["ada\n", "s3cret\r"], ["ada\ns3cret\r"], [..."ada\ns3cret\r"]]) {
    const { seen, prompt } = terminal(...keys);
    assert.equal(await prompt.line("Name: "), "ada");
    assert.equal(await prompt.secret("Password: "), "s3cret");
    assert.equal(seen.text, "Name: Password: \n");
    assert.deepEqual(seen.raw, [true, false]);
  }
});

test("what was erased is not part of it", async () => {
  assert.equal(await terminal("wrong\u0015pä\u007fass\u007f\u007fss\r").prompt.secret(""), "pass");
});

test("Ctrl-C and the end of the input give up, and the terminal echoes again", async () => {
  for (const keys of [["abc\u0003"], ["abc"]]) {
    const { seen, prompt } = terminal(...keys);
    await assert.rejects(prompt.secret(""), { code: "canceled" });
    assert.equal(seen.raw.at(-1), false);
  }
});
