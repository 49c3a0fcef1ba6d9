import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { defaultSeccomp, parseSeccompProfile } from "./seccomp-profile.ts";
import { allowedSyscalls, forbiddenSyscalls, syscallsByCapability } from "./seccomp-syscalls.ts";

/** What the profile answers to a call whatever its arguments: `allow`, an errno, or undefined when arguments decide. */
function answer(capabilities: readonly string[], name: string): "allow" | number | undefined {
  const profile = defaultSeccomp("x64", capabilities);
  const rules = profile.syscalls.filter((rule) => rule.names.includes(name));
  if (rules.some((rule) => rule.args)) return undefined;
  const [rule] = rules;
  assert.ok(rules.length <= 1, `${name} has ${rules.length} rules`);
  if (!rule) return profile.defaultErrnoRet;
  return rule.action === "SCMP_ACT_ALLOW" ? "allow" : rule.errnoRet;
}

test("everyday calls pass, known dangerous ones are not permitted, unknown ones do not exist", () => {
  for (const name of ["openat", "clone3", "futex", "epoll_pwait2", "chroot"])
    assert.notEqual(answer([], name), undefined);
  assert.equal(answer([], "openat"), "allow");
  for (const name of [
    "mount",
    "unshare",
    "setns",
    "bpf",
    "keyctl",
    "io_uring_setup",
    "userfaultfd",
    "kexec_load",
    "chroot",
  ]) {
    assert.equal(answer([], name), 1, name);
  }
  assert.equal(answer([], "a_call_of_the_future"), 38);
});

test("clone3 does not exist without CAP_SYS_ADMIN, so that libraries fall back to clone, whose flags are checked", () => {
  assert.equal(answer([], "clone3"), 38);
  assert.equal(answer([], "clone"), undefined);
  assert.equal(answer(["CAP_SYS_ADMIN"], "clone3"), "allow");
  assert.equal(answer(["CAP_SYS_ADMIN"], "clone"), "allow");
});

test("capabilities open their calls", () => {
  for (const [capability, names] of Object.entries(syscallsByCapability)) {
    for (const name of names) assert.equal(answer([capability], name), "allow", `${capability} ${name}`);
  }
  assert.equal(answer(["CAP_BPF"], "bpf"), "allow");
  assert.equal(answer(["CAP_BPF"], "mount"), 1);
});

test("no call is in two lists", () => {
  const conditional = new Set(Object.values(syscallsByCapability).flat());
  const all = [...allowedSyscalls, ...conditional, ...forbiddenSyscalls];
  assert.deepEqual(
    all.filter((name, at) => all.indexOf(name) !== at),
    [],
  );
});

test("an architecture without a profile is refused, not left open", () => {
  assert.throws(
    () => defaultSeccomp("mips", []),
    (thrown) => Problem.is(thrown, "unsupported"),
  );
});

test("a node's own profile is taken when it filters something, and refused when empty, broken or a template", () => {
  const good = {
    defaultAction: "SCMP_ACT_ERRNO",
    architectures: ["SCMP_ARCH_X86_64"],
    syscalls: [{ names: ["read"], action: "SCMP_ACT_ALLOW" }],
  };
  assert.deepEqual(parseSeccompProfile("p", JSON.stringify(good)), good);
  const template = {
    ...good,
    syscalls: [{ names: ["read"], action: "SCMP_ACT_ALLOW", includes: { caps: ["CAP_X"] } }],
  };
  const bad = [
    "",
    "{}",
    "[]",
    "null",
    '{"defaultAction":"SCMP_ACT_ALLOW"}',
    '{"defaultAction":"x"}',
    JSON.stringify(template),
  ];
  for (const text of bad)
    assert.throws(
      () => parseSeccompProfile("p", text),
      (thrown) => Problem.is(thrown, "invalid"),
      text,
    );
});
