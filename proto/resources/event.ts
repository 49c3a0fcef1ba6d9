/** Event: something that happened to an object. Repetitions raise `count`. Kept for a while only. */
import type { z } from "zod";
import { objectReference, typeMeta } from "./meta.ts";
import { integer, object, required, text, time, works } from "./schema/fields.ts";

export const eventSource = object("EventSource", () => ({
  component: works(text(), "Who reports it."),
  host: works(text(), "Node it happened on."),
}));
export type EventSource = z.infer<typeof eventSource>;

export const event = object("Event", () => ({
  ...typeMeta("v1", "Event"),
  involvedObject: required(objectReference, "What it is about."),
  reason: works(text(), "One word for machines, as `FailedScheduling`."),
  message: works(text(), "A sentence for people."),
  source: works(eventSource),
  firstTimestamp: works(time()),
  lastTimestamp: works(time()),
  count: works(integer(), "How often it has happened."),
  type: works(text(), "`Normal` or `Warning`."),
  eventTime: works(time()),
  series: works(object("EventSeries", () => ({ count: works(integer()), lastObservedTime: works(time()) }))),
  action: works(text()),
  related: works(objectReference),
  reportingComponent: works(text(), { default: "" }),
  reportingInstance: works(text(), { default: "" }),
}));
export type Event = z.infer<typeof event>;
