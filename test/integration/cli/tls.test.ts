/** What a fresh process does first must not spoil what it does next. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { testAuthority } from "../../support/certificates.ts";

test("a process that reads a certificate before it has loaded TLS can still connect", async () => {
  const { pem } = await testAuthority();
  const script = `
    const { readCertificate } = await import("#proto/identity/certificate.ts");
    readCertificate(process.env.PEM);
    const { connect } = process.getBuiltinModule("node:http2");
    connect("https://127.0.0.1:1", { ca: process.env.PEM }).on("error", (error) => console.log(error.code));`;
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    cwd: import.meta.dirname,
    env: { ...process.env, PEM: pem },
    timeout: 20_000,
  });
  assert.equal(said, "ECONNREFUSED\n");
});
