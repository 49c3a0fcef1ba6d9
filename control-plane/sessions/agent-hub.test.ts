import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel } from "#proto/kit/channel.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { AgentHub, type AgentHubOptions } from "./agent-hub.ts";
import { type AgentMessage, AgentSession, type ControlMessage } from "./agent-session.ts";
import { AssignmentView } from "./assignment-view.ts";

const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
};

function setUp() {
  const clock = new ManualClock();
  const none = (): undefined => undefined;
  const parts = {
    images: { report: none, forget: none },
    liveness: { heard: none, sessionEnded: none, forget: none },
    ...{ cache: {}, statusWriter: {}, registration: {}, events: { record: none } },
  } as unknown as Omit<AgentHubOptions, "clock" | "logger" | "silenceMs">;
  const hub = new AgentHub({ ...parts, clock, logger: silentLogger, silenceMs: 10_000 });
  /** Welcome, but not yet known to the hub. */
  const session = (instance: string, epoch: number) => {
    const told: ControlMessage[] = [];
    const running = new AgentSession({
      ...{ node: "n", instance, version: "1.0.0", features: [], epoch, clock, handlers: hub, serial: "00" },
      view: new AssignmentView("n", { podsOf: () => [], get: none }),
      standing: { condition: () => undefined, confirm: async () => undefined },
      certificateExpiresAtMs: Number.POSITIVE_INFINITY,
    });
    const said = new Channel<AgentMessage>(1);
    void running.run({ requests: said, send: async (message) => void told.push(message) });
    const goodbye = async (): Promise<number | undefined> => {
      await turns();
      const found = told.find((message) => message.goodbye)?.goodbye;
      return found ? Number(found.reconnectAfterMs) : undefined;
    };
    return { session: running, goodbye };
  };
  return { hub, session };
}

test("the session that was claimed last stays, though an earlier one is welcome after it", async () => {
  const { hub, session } = setUp();
  const [older, newer] = [session("older", 1), session("newer", 2)];
  hub.opened(newer.session);
  hub.opened(older.session);
  assert.equal(hub.sessionOf("n"), newer.session);
  assert.ok(Number(await older.goodbye()) < 0);
  assert.equal(await newer.goodbye(), undefined);
  hub.closed(older.session);
  assert.equal(hub.sessionOf("n"), newer.session);
});

test("a process that another control plane has replaced is sent away for good", async () => {
  const { hub, session } = setUp();
  const { session: opened, goodbye } = session("older", 1);
  hub.opened(opened);
  hub.taken("n", 1, { instance: "newer", superseded: ["older"] });
  assert.ok(Number(await goodbye()) < 0);
});

test("a process that is not said to be replaced, and one that is claimed for itself, come back", async () => {
  for (const by of [{ instance: "ancient" }, { instance: "mine" }]) {
    const { hub, session } = setUp();
    const { session: opened, goodbye } = session("mine", 1);
    hub.opened(opened);
    hub.taken("n", 1, { ...by, superseded: [] });
    assert.equal(await goodbye(), 0, by.instance);
  }
});
