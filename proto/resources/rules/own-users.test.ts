import { test } from "node:test";
import { basePod, checkCases } from "./check.fixture.ts";

const own = (more: object): object => ({ ...(basePod.spec as object), hostUsers: false, ...more });

test("users of a pod's own go with namespaces and ids of its own", () => {
  checkCases(basePod, [
    ["spec", own({ hostPID: true }), /hostUsers: cannot be false beside hostPID/],
    ["spec", own({ hostNetwork: true }), /hostUsers: cannot be false beside hostNetwork/],
    ["spec", own({ hostIPC: true }), /hostUsers: cannot be false beside hostIPC/],
    ["spec", own({ securityContext: { fsGroup: 70_000 } }), /fsGroup: must be no more than 65535/],
    ["spec", own({ securityContext: { supplementalGroups: [1, 70_000] } }), /supplementalGroups: must be no more/],
    ["spec", own({ securityContext: { runAsUser: 70_000 } }), /runAsUser: must be no more/],
    ["spec", own({ securityContext: { runAsUser: 65_535 } }), undefined],
  ]);
});
