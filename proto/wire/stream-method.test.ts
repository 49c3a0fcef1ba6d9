import assert from "node:assert/strict";
import { test } from "node:test";
import { apiService } from "./generated/services.ts";
import { streamMethod } from "./stream-method.ts";

test("it is the API's own", () => {
  const { path, requestStream, responseStream } = apiService.stream;
  assert.deepEqual(
    [streamMethod.path, streamMethod.requestStream, streamMethod.responseStream],
    [path, requestStream, responseStream],
  );
  const frame = { data: Buffer.from("some"), errorData: null } as never;
  const sent = streamMethod.requestSerialize(frame);
  assert.deepEqual(sent, apiService.stream.requestSerialize(frame));
  assert.deepEqual(streamMethod.responseDeserialize(sent), apiService.stream.responseDeserialize(sent));
});
