/** What every PodNetwork must do. Run on the fake in unit tests, on the bridge as root in a network namespace of its own. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { PodNetwork } from "./pod-network.ts";

export interface NetworkUnderTest {
  readonly network: PodNetwork;
  /** Another agent on the same node, set up. */
  reopen(): Promise<PodNetwork>;
  /** Pinned network namespace for a pod. */
  namespaceFor(podUid: string): Promise<string>;
  /** Something in the pod that answers what it is sent. */
  echo(podUid: string, port: number, loopbackOnly: boolean): Promise<void>;
  close(): Promise<void>;
}

export const contractCidr = "10.143.7.0/24";

export function podNetworkContract(name: string, open: () => Promise<NetworkUnderTest>): void {
  suite(`${name} as pod network`, () => {
    let target: NetworkUnderTest;
    const keepAlive = setInterval(() => undefined, 1_000);
    before(async () => {
      target = await open();
      await target.network.setUp(contractCidr);
    });
    after(async () => {
      clearInterval(keepAlive);
      await target.close();
    });
    const pod = async () => {
      const uid = randomUUID();
      return { uid, namespacePath: await target.namespaceFor(uid) };
    };

    test("setting up again is fine, a broken network is refused", async () => {
      await target.network.setUp(contractCidr);
      for (const cidr of ["10.143.7.1/24", "10.143.7.0/30", "10.0.0.0/8", "fd00::/64", "x"]) {
        await assert.rejects(target.network.setUp(cidr), (thrown) => Problem.is(thrown, "invalid"), cidr);
      }
    });

    test("each pod gets an address of its own within the node's network", async () => {
      const pods = await Promise.all([pod(), pod(), pod()]);
      const attachments = [];
      for (const each of pods) attachments.push(await target.network.attach(each));
      const addresses = attachments.flatMap((attachment) => attachment.addresses);
      assert.equal(new Set(addresses).size, 3);
      for (const address of addresses) assert.match(address, /^10\.143\.7\.(?!1\/)\d+\/24$/);
      for (const { gateway } of attachments) assert.equal(gateway, "10.143.7.1");
    });

    test("attaching again gives the same address", async () => {
      const target1 = await pod();
      const first = await target.network.attach(target1);
      assert.deepEqual(await target.network.attach(target1), first);
    });

    test("a detached pod is gone, detaching again is fine", async () => {
      const gone = await pod();
      await target.network.attach(gone);
      await target.network.detach(gone.uid);
      await target.network.detach(gone.uid);
      assert.ok(!(await target.network.list()).some(({ podUid }) => podUid === gone.uid));
    });

    test("an address is not given away again at once", async () => {
      const first = await pod();
      const { addresses } = await target.network.attach(first);
      await target.network.detach(first.uid);
      assert.notDeepEqual((await target.network.attach(await pod())).addresses, addresses);
    });

    test("another agent lists what is attached and keeps its addresses", async () => {
      const old = await pod();
      const attachment = await target.network.attach(old);
      const other = await target.reopen();
      assert.deepEqual(
        (await other.list()).find(({ podUid }) => podUid === old.uid),
        attachment,
      );
      assert.deepEqual(await other.attach(old), attachment);
      const fresh = await other.attach(await pod());
      assert.notDeepEqual(fresh.addresses, attachment.addresses);
    });

    test("a port of the pod can be dialled, on its address or its loopback only", async () => {
      const server = await pod();
      await target.network.attach(server);
      for (const [port, loopbackOnly] of [
        [8080, false],
        [8081, true],
      ] as const) {
        await target.echo(server.uid, port, loopbackOnly);
        const connection = await target.network.dial(server, port, AbortSignal.timeout(10_000));
        connection.end("hello");
        assert.equal((await connection.toArray()).join(""), "hello");
      }
    });

    test("dialling a closed port fails with a sentence", async () => {
      const silent = await pod();
      await target.network.attach(silent);
      const dialled = target.network.dial(silent, 9, AbortSignal.timeout(10_000));
      await assert.rejects(dialled, (thrown) => Problem.is(thrown, "unavailable"));
      await assert.rejects(target.network.dial(silent, 9, AbortSignal.abort()), (thrown) =>
        Problem.is(thrown, "canceled"),
      );
    });
  });
}
