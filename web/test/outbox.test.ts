import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Lost, Refused } from "../src/conn.ts";
import type { Keep } from "../src/keep.ts";
import { type Entry, Outbox, OVERDUE } from "../src/outbox.ts";
import { TestClock } from "./clock.ts";

/** The storage of one browser, and its tabs. */
class Browser {
  readonly items = new Map<string, string>();
  private readonly watchers: { tab: string; changed: (key: string, value: string | null) => void }[] = [];
  private readonly alive = new Set<string>();
  private readonly waiting: { tab: string; gone: () => void }[] = [];

  keep(tab: string): Keep {
    this.alive.add(tab);
    const tell = (key: string, value: string | null) => {
      for (const w of this.watchers) if (w.tab !== tab && this.alive.has(w.tab)) w.changed(key, value);
    };
    return {
      get: (key) => this.items.get(key) ?? null,
      set: (key, value) => {
        this.items.set(key, value);
        tell(key, value);
        return true;
      },
      remove: (key) => {
        if (this.items.delete(key)) tell(key, null);
      },
      keys: (prefix) => [...this.items.keys()].filter((key) => key.startsWith(prefix)).toSorted(),
      watch: (changed) => this.watchers.push({ tab, changed }),
    };
  }

  whenGone(tab: string, gone: () => void): void {
    if (this.alive.has(tab)) this.waiting.push({ tab, gone });
    else queueMicrotask(gone);
  }

  close(tab: string): void {
    this.alive.delete(tab);
    for (const { tab: waited, gone } of this.waiting) if (waited === tab) gone();
  }
}

/** A server that makes one message of a key, however often it comes. */
class Server {
  readonly messages: { key: string; room: string; text: string }[] = [];
  posts = 0;
  /** What happens to the next posts: nothing, a lost request, a lost answer, or a refusal. */
  fate: ("ok" | "lost" | "answer lost" | Refused)[] = [];

  readonly send = async ({ key, room, text }: Entry): Promise<{ number: number; version: number }> => {
    this.posts++;
    const fate = this.fate.shift() ?? "ok";
    await Promise.resolve();
    if (fate === "lost") throw new Lost();
    if (fate instanceof Refused) throw fate;
    if (!this.messages.some((m) => m.key === key)) this.messages.push({ key, room, text });
    if (fate === "answer lost") throw new Lost();
    const number = this.messages.findIndex((m) => m.key === key) + 1;
    return { number, version: number };
  };
}

function refused(code: string, retryAfter?: number): Refused {
  return new Refused(retryAfter === undefined ? { code, message: `It is ${code}.` } : { code, message: "Slow down.", retryAfter });
}

function setUp(browser = new Browser(), server = new Server(), tab = "tab1", clock = new TestClock()) {
  const outbox = new Outbox({
    keep: browser.keep(tab),
    tabs: { id: tab, whenGone: (other, gone) => browser.whenGone(other, gone) },
    user: "u1",
    epoch: "k1",
    send: server.send,
    changed: () => {},
    clock,
    random: () => 0.5,
  });
  return { outbox, browser, server, clock };
}

const texts = (server: Server) => server.messages.map((m) => m.text);

test("an entry is sent and then gone from the device, and listed until its message arrives", async () => {
  const { outbox, browser, server, clock } = setUp();
  outbox.connected();
  const { key } = outbox.add("r1", "hello");
  assert.equal(browser.items.size, 1);
  await clock.pass(10);
  assert.deepEqual(texts(server), ["hello"]);
  assert.equal(browser.items.size, 0);
  assert.equal(outbox.list()[0]?.number, 1);
  outbox.seen(key);
  assert.deepEqual(outbox.list(), []);
});

test("a lost answer makes one message", async () => {
  const { outbox, server, clock } = setUp();
  server.fate = ["answer lost", "answer lost", "ok"];
  for (let i = 0; i < 3; i++) {
    outbox.connected();
    if (i === 0) outbox.add("r1", "hello");
    await clock.pass(10);
    outbox.disconnected();
  }
  assert.equal(server.posts, 3);
  assert.deepEqual(texts(server), ["hello"]);
});

test("what is written offline is sent in order once there is a connection", async () => {
  const { outbox, server, clock } = setUp();
  for (let i = 1; i <= 5; i++) outbox.add(`r${i % 2}`, `text ${i}`);
  await clock.pass(10);
  assert.equal(server.posts, 0);
  outbox.connected();
  await clock.pass(10);
  for (const room of ["r0", "r1"]) {
    const got = server.messages.filter((m) => m.room === room).map((m) => m.text);
    assert.deepEqual(got, got.toSorted());
  }
  assert.equal(server.messages.length, 5);
});

suite("a reload", () => {
  test("loses nothing, keeps the key and sends nothing twice", async () => {
    const { outbox, browser, server, clock } = setUp();
    outbox.connected();
    server.fate = ["answer lost"];
    const { key } = outbox.add("r1", "one");
    outbox.add("r1", "two");
    await clock.pass(10);
    browser.close("tab1");
    const after = setUp(browser, server, "tab2");
    after.outbox.connected();
    await after.clock.pass(10);
    assert.deepEqual(texts(server), ["one", "two"]);
    assert.equal(server.messages[0]?.key, key);
    assert.equal(browser.items.size, 0);
  });

  test("still shows what was refused for good", async () => {
    const { outbox, browser, server, clock } = setUp();
    outbox.connected();
    server.fate = [refused("too_long")];
    outbox.add("r1", "one");
    await clock.pass(10);
    browser.close("tab1");
    const after = setUp(browser, server, "tab2");
    after.outbox.connected();
    await after.clock.pass(10);
    assert.equal(after.outbox.list()[0]?.trouble?.code, "too_long");
    assert.equal(server.posts, 1);
  });

  test("on a server that was set up anew sends only what its author sends again", async () => {
    const { outbox, browser, server } = setUp();
    outbox.add("r1", "old words");
    browser.close("tab1");
    const clock = new TestClock();
    const after = new Outbox({
      keep: browser.keep("tab2"),
      tabs: { id: "tab2", whenGone: (other, gone) => browser.whenGone(other, gone) },
      user: "u1",
      epoch: "k2",
      send: server.send,
      changed: () => {},
      clock,
    });
    after.connected();
    await clock.pass(10);
    assert.equal(server.posts, 0);
    const entry = after.list()[0];
    assert.equal(entry?.trouble?.retry, true);
    after.retry(entry?.key ?? "");
    await clock.pass(10);
    assert.deepEqual(texts(server), ["old words"]);
  });
});

suite("two tabs", () => {
  test("send what each has written, once, and both show it", async () => {
    const { outbox: one, browser, server, clock } = setUp();
    const { outbox: two } = setUp(browser, server, "tab2", clock);
    one.connected();
    two.connected();
    one.add("r1", "from one");
    assert.equal(two.list().length, 1);
    await clock.pass(10);
    assert.equal(server.posts, 1);
    assert.equal(two.list().length, 0);
  });

  test("take over from each other when one is closed", async () => {
    const { outbox: one, browser, server, clock } = setUp();
    const { outbox: two } = setUp(browser, server, "tab2", clock);
    two.connected();
    one.add("r1", "left behind");
    await clock.pass(10);
    assert.equal(server.posts, 0);
    browser.close("tab1");
    await clock.pass(10);
    assert.deepEqual(texts(server), ["left behind"]);
  });
});

suite("a refusal", () => {
  for (const code of ["forbidden", "not_found", "invalid", "too_long", "key_reused"]) {
    test(`${code} is for good, and what comes after it is sent`, async () => {
      const { outbox, server, clock } = setUp();
      outbox.connected();
      server.fate = [refused(code)];
      outbox.add("r1", "one");
      outbox.add("r1", "two");
      await clock.pass(120_000);
      assert.deepEqual(texts(server), ["two"]);
      assert.deepEqual(outbox.list()[0]?.trouble, { code, message: `It is ${code}.`, retry: false });
      assert.equal(outbox.discard(outbox.list()[0]?.key ?? "")?.text, "one");
    });
  }

  for (const code of ["unavailable", "internal"]) {
    test(`${code} passes: the entry is tried again, in order`, async () => {
      const { outbox, server, clock } = setUp();
      outbox.connected();
      server.fate = [refused(code), refused(code)];
      outbox.add("r1", "one");
      outbox.add("r1", "two");
      await clock.pass(10);
      assert.equal(outbox.list()[0]?.trouble?.retry, true);
      assert.equal(server.posts, 1);
      await clock.pass(60_000);
      assert.deepEqual(texts(server), ["one", "two"]);
    });
  }

  test("rate_limited waits as long as it is told", async () => {
    const { outbox, server, clock } = setUp();
    outbox.connected();
    server.fate = [refused("rate_limited", 7)];
    outbox.add("r1", "one");
    await clock.pass(6_900);
    assert.equal(server.posts, 1);
    await clock.pass(200);
    assert.deepEqual(texts(server), ["one"]);
  });

  test("that passes is tried at once when its author says so, with the same key", async () => {
    const { outbox, server, clock } = setUp();
    outbox.connected();
    server.fate = [refused("unavailable")];
    const { key } = outbox.add("r1", "one");
    await clock.pass(10);
    outbox.retry(key);
    await clock.pass(10);
    assert.deepEqual(server.messages, [{ key, room: "r1", text: "one" }]);
    await clock.pass(60_000);
    assert.equal(server.posts, 2);
  });
});

test("an entry without an answer is shown as not sent after five seconds, and sent all the same later", async () => {
  const { outbox, server, clock } = setUp();
  outbox.add("r1", "one");
  await clock.pass(OVERDUE - 1);
  assert.equal(outbox.list()[0]?.trouble, undefined);
  await clock.pass(1);
  assert.equal(outbox.list()[0]?.trouble?.code, "network");
  outbox.connected();
  await clock.pass(10);
  assert.deepEqual(texts(server), ["one"]);
  assert.equal(outbox.list()[0]?.trouble, undefined);
});

test("what else is kept on the device is left alone", () => {
  const browser = new Browser();
  browser.items.set("parley/u1/outbox/X", "not an entry");
  browser.items.set("parley/u2/outbox/Y", "{}");
  const { outbox } = setUp(browser);
  assert.deepEqual(outbox.list(), []);
  assert.equal(browser.items.size, 2);
});
