import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { OVERDUE } from "../src/outbox.ts";
import { Browser, refused, type Tab } from "./browser.ts";
import { settled } from "./clock.ts";

/** A browser with one tab that has a connection. */
async function setUp(): Promise<{ browser: Browser; tab: Tab }> {
  const browser = new Browser();
  const tab = await browser.open();
  tab.outbox.connected();
  await tab.rest();
  return { browser, tab };
}

test("an entry is sent and then gone from the device, and listed until its message arrives", async () => {
  const { browser, tab } = await setUp();
  const { key } = tab.outbox.add("r1", "hello", "lobby");
  await tab.rest();
  assert.deepEqual(browser.server.texts(), ["hello"]);
  assert.equal((await browser.kept()).size, 0);
  assert.deepEqual([tab.outbox.list()[0]?.sent, tab.outbox.list()[0]?.number], [true, 1]);
  tab.outbox.seen(key);
  assert.deepEqual(tab.outbox.list(), []);
});

test("an entry for a room whose messages do not arrive here is gone once it is sent", async () => {
  const { browser, tab } = await setUp();
  tab.outbox.add("r2", "hello");
  await tab.rest();
  assert.deepEqual(browser.server.texts("r2"), ["hello"]);
  assert.deepEqual(tab.outbox.list(), []);
});

test("a lost answer makes one message", async () => {
  const { browser, tab } = await setUp();
  browser.server.fate = ["answer lost", "answer lost", "ok"];
  tab.outbox.add("r1", "hello");
  for (let i = 0; i < 3; i++) {
    await tab.rest();
    tab.outbox.disconnected();
    await tab.rest();
    tab.outbox.connected();
  }
  assert.equal(browser.server.posts, 3);
  assert.deepEqual(browser.server.texts(), ["hello"]);
});

test("five written offline in three rooms, the tab killed and another opened: five are sent, in order", async () => {
  const browser = new Browser();
  const before = await browser.open();
  const written: [string, string][] = [["r1", "a1"], ["r2", "b1"], ["r1", "a2"], ["r3", "c1"], ["r1", "a3"]];
  for (const [room, text] of written) before.outbox.add(room, text);
  await before.rest();
  assert.equal(browser.server.posts, 0);
  await before.kill();
  const after = await browser.open();
  after.outbox.connected();
  await after.rest();
  assert.equal(browser.server.messages.length, 5);
  assert.deepEqual(browser.server.texts("r1"), ["a1", "a2", "a3"]);
  await after.rest(60_000);
  assert.equal(browser.server.posts, 5);
  assert.equal((await browser.kept()).size, 0);
});

test("a text is on the device before the task in which it was written has ended", async () => {
  const browser = new Browser();
  const tab = await browser.open();
  tab.outbox.add("r1", "hello");
  await Promise.resolve(); // the task's end; what was handed to the browser by now is its business
  await tab.kill();
  assert.equal((await browser.kept()).size, 1);
});

suite("a tab that follows", () => {
  test("loses nothing, keeps the key and sends nothing twice", async () => {
    const { browser, tab } = await setUp();
    browser.server.fate = ["answer lost"];
    const { key } = tab.outbox.add("r1", "one");
    tab.outbox.add("r1", "two");
    await tab.rest();
    await tab.kill();
    const after = await browser.open();
    after.outbox.connected();
    await after.rest();
    assert.deepEqual(browser.server.texts(), ["one", "two"]);
    assert.equal(browser.server.messages[0]?.key, key);
    assert.equal((await browser.kept()).size, 0);
  });

  test("still shows what was refused for good", async () => {
    const { browser, tab } = await setUp();
    browser.server.fate = [refused("too_long")];
    tab.outbox.add("r1", "one");
    await tab.rest();
    await tab.kill();
    const after = await browser.open();
    after.outbox.connected();
    await after.rest(60_000);
    assert.deepEqual(after.unsent(), ["one: too_long"]);
    assert.equal(browser.server.posts, 1);
  });

  test("on a server that was set up anew sends of before only what its author sends again", async () => {
    const browser = new Browser();
    const tab = await browser.open();
    const { key } = tab.outbox.add("r1", "old words");
    tab.outbox.add("r1", "never again");
    await tab.rest();
    await tab.kill();
    const after = await browser.open({ epoch: "k2" });
    after.outbox.connected();
    after.outbox.add("r1", "new words");
    await after.rest(60_000);
    assert.deepEqual(browser.server.texts(), ["new words"]);
    assert.deepEqual(after.unsent(), ["old words: epoch", "never again: epoch"]);
    after.outbox.retry(key);
    await after.rest();
    assert.deepEqual(browser.server.texts(), ["new words", "old words"]);
    assert.deepEqual(after.unsent(), ["never again: epoch"]);
  });

  test("of somebody else sends nothing and shows nothing of it, and keeps it", async () => {
    const browser = new Browser();
    const ana = await browser.open();
    ana.outbox.add("r1", "as ana");
    await ana.rest();
    const ben = await browser.open({ user: "u2" });
    ben.outbox.connected();
    ben.outbox.add("r1", "as ben");
    await ben.rest(60_000);
    assert.deepEqual(browser.server.messages.map((m) => [m.user, m.text]), [["u2", "as ben"]]);
    assert.deepEqual(ana.unsent(), ["as ana"]);
    await ana.kill();
    const again = await browser.open();
    again.outbox.connected();
    await again.rest();
    assert.deepEqual(browser.server.messages.map((m) => [m.user, m.text]), [["u2", "as ben"], ["u1", "as ana"]]);
  });
});

for (const locks of [true, false]) {
  suite(locks ? "two tabs" : "two tabs of a browser without locks", () => {
    test("show what each has written, and send it once", async () => {
      const browser = new Browser();
      const tabs = [await browser.open({ locks }), await browser.open({ locks })] as const;
      tabs[0].outbox.add("r1", "from one");
      await settled();
      assert.deepEqual(tabs[1].unsent(), ["from one"]);
      tabs[1].outbox.add("r1", "from two");
      await settled();
      for (const tab of tabs) assert.deepEqual(tab.unsent(), ["from one", "from two"]);
      for (const tab of tabs) tab.outbox.connected();
      for (const tab of tabs) await tab.rest();
      assert.deepEqual(browser.server.texts(), ["from one", "from two"]);
      for (const tab of tabs) assert.deepEqual([tab.unsent(), tab.outbox.list().length], [[], 2], "in sight until they arrive");
      if (locks) assert.equal(browser.server.posts, 2, "by one of them");
    });

    test("hand over when the one that sends is killed with its request under way", async () => {
      const browser = new Browser();
      const [one, two] = [await browser.open({ locks }), await browser.open({ locks })];
      one.outbox.connected();
      await one.rest();
      browser.server.fate = ["held"];
      for (const text of ["one", "two", "three"]) one.outbox.add("r1", text);
      await settled();
      assert.deepEqual(browser.server.texts(), ["one"]);
      two.outbox.connected();
      await one.kill();
      await two.rest();
      assert.deepEqual(browser.server.texts(), ["one", "two", "three"]);
      assert.deepEqual(two.unsent(), []);
      assert.equal((await browser.kept()).size, 0);
    });

    test("hand over and back", async () => {
      const browser = new Browser();
      const [one, two] = [await browser.open({ locks }), await browser.open({ locks })];
      one.outbox.connected();
      await one.rest();
      two.outbox.connected();
      two.outbox.add("r1", "by two");
      await two.rest();
      browser.server.fate = ["held"];
      two.outbox.add("r1", "begun by two");
      await settled();
      if (locks) assert.equal(browser.server.posts, 2, "by two alone");
      await two.kill();
      await one.rest(OVERDUE - 1);
      assert.deepEqual(browser.server.texts(), ["by two", "begun by two"]);
      assert.deepEqual(one.unsent(), []);
    });

    test("one online and one not: what the other wrote is sent", async () => {
      const browser = new Browser();
      const [one, two] = [await browser.open({ locks }), await browser.open({ locks })];
      one.outbox.connected();
      await one.rest();
      two.outbox.connected();
      one.outbox.disconnected();
      one.outbox.add("r1", "by the other");
      await two.rest();
      assert.deepEqual(browser.server.texts(), ["by the other"]);
      assert.deepEqual(one.unsent(), []);
    });

    test("discarding in one takes it from the other", async () => {
      const browser = new Browser();
      const [one, two] = [await browser.open({ locks }), await browser.open({ locks })];
      one.outbox.connected();
      browser.server.fate = [refused("forbidden")];
      const { key } = one.outbox.add("r1", "no");
      await one.rest();
      assert.deepEqual(two.unsent(), ["no: forbidden"]);
      two.outbox.discard(key);
      await settled();
      assert.deepEqual(one.outbox.list(), []);
    });
  });
}

test("a tab that is asleep while it is its turn holds up nobody", async () => {
  const browser = new Browser();
  const [asleep, awake] = [await browser.open(), await browser.open()];
  asleep.outbox.connected();
  await asleep.rest();
  browser.server.fate = ["held"]; // what the sleeping tab sends leads nowhere
  const { key } = asleep.outbox.add("r1", "left lying");
  await settled();
  awake.outbox.connected();
  await awake.rest(OVERDUE - 1);
  assert.equal(browser.server.posts, 1);
  await awake.rest(20);
  assert.equal(browser.server.posts, 2);
  assert.deepEqual(awake.unsent(), []);
  assert.equal(awake.outbox.list()[0]?.key, key);
  awake.outbox.add("r1", "and on");
  await awake.rest();
  assert.deepEqual(browser.server.texts(), ["left lying", "and on"]);
});

suite("a refusal", () => {
  for (const code of ["forbidden", "not_found", "invalid", "too_long", "key_reused", "conflict", "missing", "of_tomorrow"]) {
    test(`${code} is for good, and what comes after it is sent`, async () => {
      const { browser, tab } = await setUp();
      browser.server.fate = [refused(code)];
      const { key } = tab.outbox.add("r1", "one");
      tab.outbox.add("r1", "two");
      await tab.rest(120_000);
      assert.deepEqual(browser.server.texts(), ["two"]);
      assert.deepEqual(tab.outbox.list()[0]?.trouble, { code, message: `It is ${code}.`, retry: false });
      tab.outbox.retry(key);
      await tab.rest(120_000);
      assert.equal(browser.server.posts, 2, "and never tried again");
      assert.equal(tab.outbox.discard(key)?.text, "one");
      await tab.rest();
      assert.equal((await browser.kept()).size, 0);
    });
  }

  for (const code of ["unavailable", "internal"]) {
    test(`${code} passes: the entry is tried again, and its room waits in order while others go on`, async () => {
      const { browser, tab } = await setUp();
      browser.server.fate = [refused(code)];
      tab.outbox.add("r1", "one");
      await tab.rest();
      tab.outbox.add("r1", "two");
      tab.outbox.add("r2", "elsewhere");
      await tab.rest();
      assert.equal(tab.outbox.list()[0]?.trouble?.retry, true);
      assert.deepEqual(browser.server.texts(), ["elsewhere"]);
      await tab.rest(60_000);
      assert.deepEqual(browser.server.texts(), ["elsewhere", "one", "two"]);
    });
  }

  test("that passes is tried after longer and longer waits", async () => {
    const { browser, tab } = await setUp();
    browser.server.fate = Array.from({ length: 9 }, () => refused("unavailable"));
    tab.outbox.add("r1", "one");
    const waits: number[] = [];
    let last = tab.clock.now;
    for (let i = 0; i < 500 && browser.server.texts().length === 0; i++) {
      const { posts } = browser.server;
      await tab.rest(500);
      if (browser.server.posts === posts) continue;
      waits.push(tab.clock.now - last);
      last = tab.clock.now;
    }
    assert.deepEqual(waits, [1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500, 22_500, 22_500]);
  });

  test("rate_limited waits as long as it is told, and says so only if that did not help", async () => {
    const { browser, tab } = await setUp();
    browser.server.fate = [refused("rate_limited", 7), refused("rate_limited", 7)];
    tab.outbox.add("r1", "one");
    await tab.rest(6_900);
    assert.deepEqual(tab.unsent(), ["one"], "nothing to be done by hand");
    assert.equal(browser.server.posts, 1);
    await tab.rest(200);
    assert.equal(browser.server.posts, 2);
    assert.deepEqual(tab.unsent(), ["one: rate_limited"]);
    assert.equal(tab.outbox.list()[0]?.trouble?.retry, true);
    await tab.rest(7_000);
    assert.deepEqual(browser.server.texts(), ["one"]);
  });

  test("that passes is tried at once when its author says so, with the same key", async () => {
    const { browser, tab } = await setUp();
    browser.server.fate = [refused("unavailable")];
    const { key } = tab.outbox.add("r1", "one");
    await tab.rest();
    tab.outbox.retry(key);
    await tab.rest();
    assert.deepEqual(browser.server.messages, [{ user: "u1", key, room: "r1", text: "one" }]);
    await tab.rest(60_000);
    assert.equal(browser.server.posts, 2);
  });

  test("that passes is not cut short when something else is discarded, but when it is discarded itself", async () => {
    const { browser, tab } = await setUp();
    browser.server.fate = [refused("forbidden"), refused("unavailable")];
    const keys = ["never", "one", "two"].map((text) => tab.outbox.add("r1", text).key);
    await tab.rest();
    assert.deepEqual(tab.unsent(), ["never: forbidden", "one: unavailable", "two"]);
    tab.outbox.discard(keys[0] ?? "");
    await tab.rest();
    assert.equal(browser.server.posts, 2);
    tab.outbox.discard(keys[1] ?? "");
    await tab.rest();
    assert.deepEqual(browser.server.texts(), ["two"]);
  });

  test("that passes is over with a new connection", async () => {
    const { browser, tab } = await setUp();
    browser.server.fate = [refused("unavailable")];
    tab.outbox.add("r1", "one");
    await tab.rest();
    tab.outbox.disconnected();
    tab.outbox.connected();
    await tab.rest();
    assert.deepEqual(browser.server.texts(), ["one"]);
  });
});

test("an entry without an answer is shown as not sent after five seconds, and sent all the same later", async () => {
  const browser = new Browser();
  const tab = await browser.open();
  tab.outbox.add("r1", "one");
  await tab.rest(OVERDUE - 1);
  assert.deepEqual(tab.unsent(), ["one"]);
  await tab.rest(1);
  assert.deepEqual(tab.unsent(), ["one: network"]);
  assert.equal(tab.outbox.list()[0]?.trouble?.retry, true);
  tab.outbox.connected();
  await tab.rest();
  assert.deepEqual(browser.server.texts(), ["one"]);
  assert.deepEqual(tab.unsent(), []);
});

test("what is in memory alone is sent by its own tab, whoever's turn it is, and is said to be at risk until then", async () => {
  const browser = new Browser();
  const one = await browser.open();
  one.outbox.connected();
  await one.rest();
  const forgetful = await browser.open({ keep: { databases: () => undefined } });
  forgetful.outbox.add("r1", "nowhere else");
  await forgetful.rest();
  assert.equal(forgetful.outbox.atRisk(), true);
  forgetful.outbox.connected();
  await forgetful.rest();
  assert.deepEqual(browser.server.texts(), ["nowhere else"]);
  assert.equal(forgetful.outbox.atRisk(), false);
});

test("what else is kept on the device is left alone", async () => {
  const browser = new Browser();
  const before = await browser.open();
  before.keep.set("outbox/X", "not an entry");
  before.keep.set("outbox/Y", JSON.stringify({ key: "Y", room: 7 }));
  await before.rest();
  const tab = await browser.open();
  tab.outbox.connected();
  await tab.rest();
  assert.deepEqual(tab.outbox.list(), []);
  assert.equal((await browser.kept()).size, 2);
});
