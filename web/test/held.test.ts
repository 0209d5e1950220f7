// What waits for a moderator's approval is no message yet: it stays with its author until it is decided about.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Browser, refused } from "./browser.ts";

/** A tab in which something was written that waits. */
async function waiting() {
  const browser = new Browser();
  const tab = await browser.open();
  tab.outbox.connected();
  browser.server.fate = ["approval"];
  const { key } = tab.outbox.add("r1", "hello");
  await tab.rest();
  return { browser, tab, key };
}

test("what waits is listed, kept on the device, and not sent again", async () => {
  const { browser, tab, key } = await waiting();
  assert.equal(tab.outbox.list()[0]?.held, "h1");
  assert.equal(tab.outbox.atRisk(), false);
  tab.outbox.retry(key);
  tab.outbox.disconnected();
  tab.outbox.connected();
  await tab.rest(60_000);
  assert.equal(browser.server.posts, 1);
  await tab.kill();
  const after = await browser.open();
  after.outbox.connected();
  await after.rest(60_000);
  assert.equal(browser.server.posts, 1);
  assert.deepEqual(after.outbox.list().map((e) => [e.text, e.held, e.trouble]), [["hello", "h1", undefined]]);
});

test("what comes after it does not wait for it", async () => {
  const { browser, tab } = await waiting();
  tab.outbox.add("r1", "and more");
  await tab.rest();
  assert.deepEqual(browser.server.texts(), ["and more"]);
});

test("once approved it is listed until its message arrives", async () => {
  const { tab, key } = await waiting();
  tab.outbox.decided({ id: "h1", key, gone: true, number: 7 });
  assert.deepEqual(tab.outbox.list().map((e) => [e.sent, e.number, e.held]), [[true, 7, undefined]]);
  tab.outbox.seen(key);
  assert.deepEqual(tab.outbox.list(), []);
});

test("once refused it is set aside for its author, who is told", async () => {
  const { tab, key } = await waiting();
  tab.outbox.decided({ id: "h1", key, gone: false });
  assert.deepEqual(tab.unsent(), ["hello"], "it still waits");
  tab.outbox.decided({ id: "h1", key, gone: true });
  assert.deepEqual(tab.unsent(), ["hello: declined"]);
  assert.equal(tab.outbox.discard(key)?.text, "hello");
  assert.deepEqual(tab.outbox.list(), []);
});

test("what was decided meanwhile is set aside, until its message arrives if it is one", async () => {
  const { tab, key } = await waiting();
  tab.outbox.waiting([{ id: "h1", key, gone: false }]);
  assert.deepEqual(tab.unsent(), ["hello"]);
  tab.outbox.waiting([]);
  assert.deepEqual(tab.unsent(), ["hello: declined"]);
  tab.outbox.seen(key);
  assert.deepEqual(tab.outbox.list(), []);
});

test("a room that is slow says until when it waits, and then it goes out", async () => {
  const browser = new Browser();
  const tab = await browser.open();
  tab.outbox.connected();
  browser.server.fate = [refused("rate_limited", 30)];
  tab.outbox.add("r1", "too soon");
  await tab.rest();
  const wait = tab.outbox.pausedUntil("r1") - Date.now();
  assert.ok(wait > 25_000 && wait <= 30_000, `${wait} ms`);
  assert.equal(tab.outbox.pausedUntil("r2"), 0);
  await tab.rest(30_000);
  assert.deepEqual(browser.server.texts(), ["too soon"]);
  assert.equal(tab.outbox.pausedUntil("r1"), 0);
});
