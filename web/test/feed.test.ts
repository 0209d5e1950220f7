import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Exchange } from "../src/exchange.ts";
import { Feed, type FeedConfig, type Item, type Said } from "../src/feed.ts";
import { Lead } from "../src/lead.ts";
import type { OpenSource, Places, SourceEvents } from "../src/source.ts";
import { settled, TestClock } from "./clock.ts";

/** The locks and channels of one browser. */
class Browser {
  private readonly queues = new Map<string, { held: () => void; lost: () => void }[]>();
  private readonly channels: { name: string; heard: (said: Said) => void }[] = [];

  open(name: string, heard: (said: Said) => void): Exchange {
    const channel = { name, heard };
    this.channels.push(channel);
    return {
      say: (said) => {
        for (const other of this.channels) {
          if (other.name === name && other !== channel) queueMicrotask(() => this.channels.includes(other) && other.heard(structuredClone(said) as Said));
        }
      },
      lock: (lock, held, lost = () => {}, steal = undefined) => this.lock(lock, { held, lost }, steal === "steal"),
      close: () => void this.channels.splice(this.channels.indexOf(channel), 1),
    };
  }

  private lock(name: string, one: { held: () => void; lost: () => void }, steal: boolean): () => void {
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    if (steal) {
      const robbed = queue.shift();
      queue.unshift(one);
      queueMicrotask(() => robbed?.lost());
    } else queue.push(one);
    const turn = () => queue[0] === one && queueMicrotask(() => queue[0] === one && one.held());
    turn();
    return () => {
      const first = queue[0] === one;
      if (!queue.includes(one)) return;
      queue.splice(queue.indexOf(one), 1);
      const next = queue[0];
      if (first && next) queueMicrotask(() => queue[0] === next && next.held());
    };
  }
}

interface Opened extends SourceEvents {
  kind: string;
  places: Record<string, number>;
  closed: boolean;
}

/** A server that only notes what is asked of it. */
class Server {
  readonly opened: Opened[] = [];

  source(kind: string): OpenSource {
    return (places: Places, events) => {
      const source: Opened = { ...events, kind, places: Object.fromEntries(places), closed: false };
      this.opened.push(source);
      return { close: () => (source.closed = true) };
    };
  }

  get live(): Opened {
    const live = this.opened.filter((s) => !s.closed);
    assert.equal(live.length, 1, "one source for all tabs");
    return live[0] as Opened;
  }
}

const HELLO = '{"hello":{}}';
const change = (room: string, version: number) => JSON.stringify({ room, version, members: version });

function setUp() {
  const clock = new TestClock();
  const browser = new Browser();
  const server = new Server();
  /** Opens a tab, of a user. */
  function open(user = "u1", alone = false) {
    const got: string[] = [];
    const downs: number[] = [];
    const manner = { polling: false };
    const config: FeedConfig = {
      name: `feed/${user}`,
      exchange: (name, heard) => (alone ? null : browser.open(name, heard)),
      stream: server.source("stream"),
      poll: server.source("poll"),
      glance: server.source("glance"),
      manner,
      clock,
      frame: (data) => got.push(data),
      down: (code) => downs.push(code),
    };
    return { feed: new Feed(config), got, downs, manner };
  }
  /** Lets everything be said and opened. */
  const rest = () => clock.pass(50);
  return { clock, browser, server, open, rest };
}

suite("one tab leads", () => {
  test("and reads what all follow, by one stream; each hears what it follows", async () => {
    const { server, open, rest } = setUp();
    const [a, b] = [open(), open()];
    a.feed.follow("r1", 5);
    b.feed.follow("r2", 7);
    await rest();
    const source = server.live;
    assert.deepEqual([source.kind, source.places], ["stream", { r1: 5, r2: 7 }]);
    for (const frame of [HELLO, change("r1", 6), change("r2", 8), '{"room":"r2","typing":["u9"]}', '{"me":{},"version":3}']) source.frame(frame);
    await rest();
    assert.deepEqual(a.got, [HELLO, change("r1", 6), '{"me":{},"version":3}']);
    assert.deepEqual(b.got, [HELLO, change("r2", 8), '{"room":"r2","typing":["u9"]}', '{"me":{},"version":3}']);
  });

  test("when it is gone another one goes on where each tab stands: nothing is missing, nothing comes twice", async () => {
    const { server, open, rest } = setUp();
    const [a, b, c] = [open(), open(), open()];
    for (const tab of [a, b, c]) tab.feed.follow("r1", 5);
    await rest();
    const before = server.live;
    before.frame(change("r1", 6));
    await rest();
    a.feed.close();
    before.frame(change("r1", 7)); // it comes too late for the tab that is gone
    await rest();
    const source = server.live;
    assert.notEqual(source, before);
    assert.deepEqual(source.places, { r1: 6 });
    source.frame(change("r1", 7));
    source.frame(change("r1", 8));
    await rest();
    for (const tab of [b, c]) assert.deepEqual(tab.got, [6, 7, 8].map((v) => change("r1", v)));
    assert.deepEqual(a.got, [change("r1", 6)]);
  });

  test("who is behind the leader gets what it missed, and the others not again", async () => {
    const { server, open, rest } = setUp();
    const [a, b] = [open(), open()];
    a.feed.follow("r1", 5);
    await rest();
    const before = server.live;
    before.frame(change("r1", 6));
    b.feed.follow("r1", 5);
    await rest();
    assert.equal(before.closed, true);
    assert.deepEqual(server.live.places, { r1: 5 });
    server.live.frame(change("r1", 6));
    server.live.frame(change("r1", 7));
    await rest();
    for (const tab of [a, b]) assert.deepEqual(tab.got, [change("r1", 6), change("r1", 7)]);
  });

  test("a gap is noticed, and filled", async () => {
    const { server, open, rest, browser } = setUp();
    const [a, b] = [open(), open()];
    for (const tab of [a, b]) tab.feed.follow("r1", 5);
    await rest();
    // The channel loses a frame: somebody else's word in the leader's name stands for what came after it.
    const stray = browser.open("feed/u1", () => {});
    stray.say({ is: "item", item: { data: change("r1", 9), room: "r1", version: 9, after: 8 } });
    await rest();
    assert.deepEqual(b.got, []);
    server.live.frame(change("r1", 9));
    await rest();
    assert.deepEqual(b.got, [change("r1", 9)]);
  });

  test("a reset is taken by all who are behind it", async () => {
    const { server, open, rest } = setUp();
    const [a, b] = [open(), open()];
    a.feed.follow("r1", 5);
    b.feed.follow("r1", 3000);
    await rest();
    const reset = '{"reset":{"room":"r1","version":3000}}';
    server.live.frame(reset);
    server.live.frame(change("r1", 3001));
    await rest();
    assert.deepEqual(a.got, [reset, change("r1", 3001)]);
    assert.deepEqual(b.got, [change("r1", 3001)]);
  });

  test("a tab that comes later is told who is there and who types", async () => {
    const { server, open, rest } = setUp();
    const [a, b] = [open(), open()];
    a.feed.follow("r1", 5);
    await rest();
    const here = '{"room":"r1","here":{"count":1,"people":[]}}';
    server.live.frame(here);
    const source = server.live;
    b.feed.follow("r1", 5);
    await rest();
    assert.equal(server.live, source, "the same stream");
    assert.deepEqual(new Set(b.got), new Set([here]));
  });

  test("rooms that nobody follows any more are not read any more", async () => {
    const { server, open, rest } = setUp();
    const [a, b] = [open(), open()];
    a.feed.follow("r1", 5);
    b.feed.follow("r2", 5);
    await rest();
    b.feed.close();
    await rest();
    assert.deepEqual(server.live.places, { r1: 5 });
    a.feed.leave("r1");
    await rest();
    assert.equal(server.opened.every((s) => s.closed), true);
  });

  test("one that is stuck is replaced within a minute", async () => {
    const { clock, server, open, rest } = setUp();
    const [a, b] = [open(), open()];
    for (const tab of [a, b]) tab.feed.follow("r1", 5);
    await rest();
    const stuck = server.live;
    stuck.frame(HELLO);
    stuck.pulse();
    await rest();
    // The leader's own timers stand still with it: what it does from here on does not count.
    const { opened } = server;
    for (let i = 0; i < 5 && opened.length === 1; i++) {
      stuck.frame('{"room":"r9","typing":[]}'); // keeps the leader's source, and is told to nobody
      await clock.pass(15_000);
    }
    assert.equal(opened.length, 2);
    assert.equal(stuck.closed, true, "the first leader has learned that it leads no more");
    server.live.frame(change("r1", 6));
    await rest();
    assert.deepEqual([a.got.at(-1), b.got.at(-1)], [change("r1", 6), change("r1", 6)]);
  });

  test("another user's tabs hear nothing of it", async () => {
    const { server, open, rest } = setUp();
    const [a, b] = [open("u1"), open("u2")];
    a.feed.follow("r1", 5);
    await rest();
    b.feed.follow("r1", 5);
    await rest();
    assert.equal(server.opened.length, 2);
    server.opened[0]?.frame(change("r1", 6));
    await rest();
    assert.deepEqual([a.got.length, b.got.length], [1, 0]);
  });
});

/** Two tabs that follow a room. */
async function leading() {
  const all = setUp();
  const [a, b] = [all.open(), all.open()];
  for (const tab of [a, b]) tab.feed.follow("r1", 5);
  await all.rest();
  return { ...all, a, b };
}

suite("the leader's source", () => {
  test("is a poll where the stream's hello does not come in time", async () => {
    const { clock, server, a, b } = await leading();
    await clock.pass(1_500);
    assert.equal(server.live.kind, "poll");
    server.live.pulse();
    server.live.frame(change("r1", 6));
    await clock.pass(100);
    assert.deepEqual(b.got, [change("r1", 6)]);
    a.feed.close();
    await clock.pass(100);
    assert.equal(server.live.kind, "poll", "the next leader knows");
    assert.deepEqual(server.live.places, { r1: 6 });
  });

  test("is a poll where the hello comes, but no sign of life after it", async () => {
    const { clock, server } = await leading();
    server.live.frame(HELLO);
    await clock.pass(2_499);
    assert.equal(server.live.kind, "stream");
    await clock.pass(1);
    assert.equal(server.live.kind, "poll");
  });

  test("is opened again where the cursors stand when a stream that came through ends, or falls silent", async () => {
    const { clock, server, rest } = await leading();
    const through = (version: number) => {
      server.live.frame(HELLO);
      server.live.pulse();
      server.live.frame(change("r1", version));
    };
    through(6);
    server.live.down(0);
    await rest();
    through(7);
    await clock.pass(40_100);
    assert.deepEqual(server.opened.map((s) => [s.kind, s.places.r1]), [["stream", 5], ["stream", 6], ["stream", 7]]);
  });

  test("when it fails as stream and as poll, all tabs are told that the server is away", async () => {
    const { server, rest, a, b } = await leading();
    server.live.down(0);
    assert.equal(server.live.kind, "poll");
    server.live.down(0);
    await rest();
    assert.deepEqual([a.downs, b.downs], [[1006], [1006]]);
    assert.deepEqual([a.manner, b.manner], [{ polling: false }, { polling: false }], "nothing is known of the network by that");
    assert.equal(server.opened.every((s) => s.closed), true);
  });

  for (const [status, code] of [
    [401, 1006],
    [429, 4008],
  ] as const) {
    test(`ends the feed of all tabs when the server refuses with ${status}`, async () => {
      const { server, rest, a, b } = await leading();
      server.live.down(status);
      await rest();
      assert.deepEqual([a.downs, b.downs, server.opened.length], [[code], [code], 1]);
    });
  }
});

test("tabs that share nothing read by themselves, and hold no connection", async () => {
  const { server, open, rest } = setUp();
  const [a, b] = [open("u1", true), open("u1", true)];
  a.feed.follow("r1", 5);
  b.feed.follow("r1", 5);
  await rest();
  await settled();
  assert.deepEqual(server.opened.map((s) => s.kind), ["glance", "glance"]);
  server.opened[0]?.frame(change("r1", 6));
  assert.deepEqual([a.got.length, b.got.length], [1, 0]);
});

const nothing = () => {};

test("what comes between a tab that is behind and the new source hides nothing from that tab", async () => {
  const { clock, server, rest } = setUp();
  const items: Item[] = [];
  const lead = new Lead({
    stream: server.source("stream"),
    poll: server.source("poll"),
    manner: { polling: false },
    clock,
    item: (item) => items.push(item),
    pulse: nothing,
    down: nothing,
    whenGone: nothing,
  });
  lead.wish("a", [["r1", 1]]);
  await rest();
  const first = server.live;
  first.frame('{"hello":{}}');
  for (const version of [2, 3, 4]) first.frame(JSON.stringify({ room: "r1", version, members: version }));
  lead.wish("b", [["r1", 1]]);
  first.frame(JSON.stringify({ room: "r1", version: 5, members: 5 })); // before the new source is opened
  await rest();
  assert.deepEqual(server.live.places, { r1: 1 });
  assert.equal(items.at(-1)?.after, 4);
});
