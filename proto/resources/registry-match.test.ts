import assert from "node:assert/strict";
import { test } from "node:test";
import { covers, imageName, normalEntry, repositoryOf } from "./registry-match.ts";

test("an image's repository is spelled with its registry, without tag and digest", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const cases: readonly (readonly [string, string])[] = [
    ["web", "docker.io/library/web"],
    ["web:1", "docker.io/library/web"],
    ["team/web:1", "docker.io/team/web"],
    ["index.docker.io/web", "docker.io/library/web"],
    ["r.example/web:1", "r.example/web"],
    ["r.example:5000/team/web", "r.example:5000/team/web"],
    [`localhost/web:1@${digest}`, "localhost/web"],
    [`web@${digest}`, "docker.io/library/web"],
  ];
  for (const [image, repository] of cases) assert.equal(repositoryOf(image), repository, image);
});

test("an image's name is written out as nodes keep it", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  assert.equal(imageName("web"), "docker.io/library/web:latest");
  assert.equal(imageName("r.example:5000/team/web:1"), "r.example:5000/team/web:1");
  assert.equal(imageName(`web:1@${digest}`), `docker.io/library/web@${digest}`);
});

test("an entry covers its registry or what lies below its path, and no name that only begins alike", () => {
  const image = repositoryOf("r.example/team/web:1");
  for (const entry of ["r.example", "https://r.example/v2/", "r.example/team", "r.example/team/web"])
    assert.ok(covers(entry, image), entry);
  for (const entry of ["r.example/te", "r.example/team/we", "r.exampl", "r.example:5000", "docker.io"])
    assert.ok(!covers(entry, image), entry);
  assert.ok(covers("https://index.docker.io/v1/", repositoryOf("web")));
  assert.equal(normalEntry("https://index.docker.io/v1/"), "docker.io");
});
