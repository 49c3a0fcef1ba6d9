import assert from "node:assert/strict";
import { test } from "node:test";
import { formatReference, isDigest, parseReference, registryHost } from "./reference.ts";

const digest = `sha256:${"a".repeat(64)}`;

const normalForms: readonly (readonly [string, string])[] = [
  ["nginx", "docker.io/library/nginx:latest"],
  ["nginx:1.25", "docker.io/library/nginx:1.25"],
  ["library/nginx", "docker.io/library/nginx:latest"],
  ["user/app", "docker.io/user/app:latest"],
  ["docker.io/nginx", "docker.io/library/nginx:latest"],
  ["index.docker.io/nginx", "docker.io/library/nginx:latest"],
  ["localhost/app", "localhost/app:latest"],
  ["localhost:5000/app:v1", "localhost:5000/app:v1"],
  ["host:5000/app", "host:5000/app:latest"],
  ["Host/app", "Host/app:latest"],
  ["ghcr.io/a/b/c:x", "ghcr.io/a/b/c:x"],
  ["127.0.0.1:5000/a", "127.0.0.1:5000/a:latest"],
  ["[::1]:5000/a", "[::1]:5000/a:latest"],
  [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
  [`nginx:1@${digest}`, `docker.io/library/nginx@${digest}`],
  ["a/b__c/d-e--f.g", "docker.io/a/b__c/d-e--f.g:latest"],
  ["test.com:8080", "docker.io/library/test.com:8080"],
];

for (const [text, expected] of normalForms) {
  test(`${text.slice(0, 40)} means ${expected.slice(0, 50)}`, () => {
    assert.equal(formatReference(parseReference(text)), expected);
    assert.equal(formatReference(parseReference(expected)), expected);
  });
}

const refused: readonly (readonly [string, RegExp])[] = [
  ["", /empty/],
  ["a".repeat(64), /image id/],
  ["UPPER", /upper-case/],
  ["user/App", /upper-case/],
  ["a//b", /not a repository name/],
  ["/a", /not a repository name/],
  ["a/", /not a repository name/],
  ["-a", /not a repository name/],
  ["a..b", /not a repository name/],
  ["a b", /not a repository name/],
  ["../../etc/passwd", /not a host/],
  ["a:", /not a tag/],
  ["a:-x", /not a tag/],
  [`a:${"t".repeat(129)}`, /not a tag/],
  ["a@sha256:abc", /not a digest/],
  [`a@SHA256:${"a".repeat(64)}`, /not a digest/],
  [`host.example/${"p".repeat(256)}`, /longer than 255/],
  ["host.example/", /no repository name/],
  ["http://host/a", /not a/],
  ["host.example:99999999/a", /not a host/],
  ["a\nb", /not a repository name/],
  ["x".repeat(2000), /longer than 1024/],
];

for (const [text, reason] of refused) {
  test(`${JSON.stringify(text.slice(0, 40))} is refused`, () => {
    assert.throws(() => parseReference(text), { code: "bad-request", message: reason });
  });
}

test("docker.io is served by another host", () => {
  assert.equal(registryHost("docker.io"), "registry-1.docker.io");
  assert.equal(registryHost("ghcr.io"), "ghcr.io");
});

test("digests of unknown algorithms fit the grammar", () => {
  assert.ok(isDigest("sha512+b64u:abc_="));
  assert.ok(!isDigest("sha256:XYZ"));
  assert.ok(!isDigest("nocolon"));
});
