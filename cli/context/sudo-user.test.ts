import assert from "node:assert/strict";
import { test } from "node:test";
import { sudoUser } from "./sudo-user.ts";

const passwd = [
  "root:x:0:0:root:/root:/bin/bash",
  "ada:x:1000:1001:Ada:/srv/people/ada:/bin/sh",
  "nowhere:x:1002:1002::/:/usr/sbin/nologin",
].join("\n");

test("the home of the person behind sudo is the one of passwd, wherever it is", () => {
  assert.deepEqual(sudoUser({ SUDO_UID: "1000", SUDO_USER: "ada" }, passwd), {
    home: "/srv/people/ada",
    uid: 1000,
    gid: 1001,
  });
});

test("without sudo, behind root, or for somebody without a home, there is nobody", () => {
  for (const uid of [undefined, "", "0", "-1", "x", "1002", "1003"]) {
    assert.equal(sudoUser(uid === undefined ? {} : { SUDO_UID: uid }, passwd), undefined, `SUDO_UID=${uid}`);
  }
});
