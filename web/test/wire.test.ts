import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as wire from "../src/wire.ts";
import { golden, goldens } from "./golden.ts";

const FOLDER = "internal/chat/testdata/wire";

suite("every golden frame of the server is understood", () => {
  for (const name of goldens(FOLDER, ".json")) {
    if (name.startsWith("do-")) continue;
    test(name, () => {
      const text = golden(`${FOLDER}/${name}`);
      const frame = wire.frame(text);
      assert.notEqual(frame, null);
      if (frame?.is !== "answer") return;
      const { ok } = JSON.parse(text) as { ok: Record<string, unknown> };
      if ("epoch" in ok) assert.equal(wire.opened(frame.ok).version, ok.version);
      else if ("messages" in ok) assert.equal(wire.page(frame.ok).messages.length > 0, true);
      else if ("number" in ok) assert.deepEqual(wire.posted(frame.ok), ok);
      else if ("people" in ok) assert.equal(wire.people(frame.ok).length > 0, true);
    });
  }
});

test("what a request says is what the golden frames say", () => {
  const requests: Record<string, wire.Request> = {
    "do-open.json": { do: "open", room: "lobby", at: { epoch: "k3", version: 41 } },
    "do-post.json": { do: "post", room: "r7", key: "01JD3F0M3S8Q4R6T8V0X2Z4B6D", text: "hello" },
    "do-edit.json": { do: "edit", room: "r7", number: 17, version: 42, text: "hi" },
    "do-delete.json": { do: "delete", room: "r7", number: 17 },
  };
  for (const name of goldens(FOLDER, ".json")) {
    const request = requests[name];
    if (!request) continue;
    const { id, ...rest } = JSON.parse(golden(`${FOLDER}/${name}`)) as { id: number };
    assert.ok(id > 0);
    assert.deepEqual(rest, request);
  }
});

test("a change has its version inside the message", () => {
  const got = wire.frame('{"room":"r7","version":42,"message":{"number":17,"by":"u7","text":"hello"}}');
  assert.deepEqual(got, {
    is: "change",
    change: { room: "r7", version: 42, message: { number: 17, version: 42, by: "u7", text: "hello" } },
  });
});

test("a frame of a kind that is not known is passed over", () => {
  assert.equal(wire.frame('{"weather":"fine"}'), null);
  assert.equal(wire.frame('{"room":"r7","mood":"fine"}'), null);
});

suite("a broken frame is Malformed", () => {
  const broken = [
    "",
    "[]",
    "null",
    '"x"',
    '{"room":"r7","version":"42"}',
    '{"room":7,"version":42}',
    '{"room":"r7","version":42,"message":{"number":1.5,"by":"u7"}}',
    '{"room":"r7","version":42,"message":[]}',
    '{"room":"r7","typing":[7]}',
    '{"hello":{"epoch":"k3","me":null}}',
    '{"reset":{"room":"r7","epoch":"k3","version":1,"number":0,"reset":true}}',
    '{"re":"1","ok":{}}',
  ];
  for (const text of broken) test(text || "nothing", () => assert.throws(() => wire.frame(text), wire.Malformed));
});

test("a problem document is a refusal", () => {
  const got = wire.refusal({ type: "about:blank", status: 429, code: "rate_limited", detail: "Slow down.", retry_after: 3 });
  assert.deepEqual(got, { code: "rate_limited", message: "Slow down.", retryAfter: 3 });
});
