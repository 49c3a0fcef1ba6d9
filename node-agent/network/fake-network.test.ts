import { FakeNetwork, FakeWire } from "./fake-network.ts";
import { contractCidr, podNetworkContract } from "./pod-network.contract.ts";

podNetworkContract("the fake", async () => {
  const wire = new FakeWire();
  return {
    network: new FakeNetwork(wire),
    reopen: async () => {
      const network = new FakeNetwork(wire);
      await network.setUp(contractCidr);
      return network;
    },
    namespaceFor: async (podUid) => `/run/fake/${podUid}/network`,
    echo: async (podUid, port) => wire.listen(podUid, port, (connection) => connection.pipe(connection)),
    close: async () => undefined,
  };
});
