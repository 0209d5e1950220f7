import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Conn, Lost, Refused, type State } from "../src/conn.ts";
import type { Dial, LinkEvents } from "../src/link.ts";
import type { Frame, Request } from "../src/wire.ts";
import { settled, TestClock } from "./clock.ts";

const HELLO = JSON.stringify({
  hello: { epoch: "k1", me: null, server: { rooms: [], version: 0 }, limits: { text: 1, name: 1, room: 1, frame: 1, behind: 1 } },
});

const TYPING = '{"room":"r1","typing":[]}';

function setUp(http?: { open: boolean }, memory?: { blocked: boolean }, mine?: () => Promise<boolean>) {
  const clock = new TestClock();
  const states: State[] = [];
  const frames: Frame[] = [];
  const hellos: unknown[] = [];
  const links: (LinkEvents & { kind: string; sent: (Request & { id: number })[]; closed: boolean })[] = [];
  const dial =
    (kind: string): Dial =>
    (events) => {
      const link = { ...events, kind, sent: [] as (Request & { id: number })[], closed: false };
      links.push(link);
      return { send: (id, request) => void link.sent.push({ id, ...request }), close: () => (link.closed = true) };
    };
  const conn = new Conn({
    socket: dial("socket"),
    ...(http ? { http: dial("http"), answersHTTP: () => Promise.resolve(http.open) } : {}),
    clock,
    random: () => 0.999,
    ...(memory ? { memory } : {}),
    ...(mine ? { mine } : {}),
    hello: (hello) => hellos.push(hello),
    frame: (f) => frames.push(f),
    state: (s) => states.push(s),
  });
  const last = () => {
    const link = links.at(-1);
    assert.ok(link);
    return link;
  };
  const kinds = () => links.map((l) => l.kind);
  return { conn, clock, states, frames, hellos, links, last, kinds };
}

test("answers find their requests by id", async () => {
  const { conn, last } = setUp();
  conn.start();
  last().frame(HELLO);
  const one = conn.ask({ do: "ping" });
  const two = conn.ask({ do: "leave", room: "r1" });
  const [a, b] = last().sent;
  last().frame(JSON.stringify({ re: b?.id, error: { code: "forbidden", message: "No." } }));
  last().frame(JSON.stringify({ re: a?.id, ok: { fine: true } }));
  assert.deepEqual(await one, { fine: true });
  await assert.rejects(two, (e) => e instanceof Refused && e.refusal.code === "forbidden");
});

test("a lost link fails what was asked, and the first new try is within 250 ms", async () => {
  const { conn, clock, links, last, states } = setUp();
  conn.start();
  last().frame(HELLO);
  const asked = conn.ask({ do: "ping" });
  last().down(1006);
  await assert.rejects(asked, Lost);
  await clock.pass(250);
  assert.equal(links.length, 2);
  assert.deepEqual(states, ["connecting", "online", "waiting", "connecting"]);
});

test("tries come soon for most of a minute, then get rarer", async () => {
  const { conn, clock, links, last } = setUp();
  conn.start();
  const waits: number[] = [];
  for (let i = 0; i < 64; i++) {
    last().down(1006);
    waits.push(Math.round(clock.wait ?? 0));
    await clock.pass(clock.wait ?? 0);
  }
  assert.equal(links.length, 65);
  assert.deepEqual(waits.slice(0, 5), [250, 500, 999, 1499, 1499]);
  assert.deepEqual(waits.slice(59), [1499, 2997, 5994, 11988, 14985]);
});

test("waking up tries at once, or asks whether the link still lives", async () => {
  const { conn, clock, links, last } = setUp();
  conn.start();
  for (let i = 0; i < 4; i++) {
    last().down(1006);
    if (i < 3) await clock.pass(clock.wait ?? 0);
  }
  conn.wake();
  assert.equal(links.length, 5);
  last().frame(HELLO);
  conn.wake();
  assert.equal(last().sent[0]?.do, "ping");
  await clock.pass(3_000); // no answer: the link is dead
  await clock.pass(250);
  assert.equal(links.length, 6);
});

suite("close codes", () => {
  test("4001 ends it", async () => {
    const { conn, clock, links, last, states } = setUp();
    conn.start();
    last().frame(HELLO);
    last().down(4001);
    await clock.pass(60_000);
    assert.equal(states.at(-1), "ended");
    assert.equal(links.length, 1);
  });

  test("after 4001 it goes on if the browser has another session of the same person a moment later", async () => {
    const answers = [false, true];
    const { conn, clock, links, last, states } = setUp(undefined, undefined, () => Promise.resolve(answers.shift() ?? false));
    conn.start();
    last().frame(HELLO);
    last().down(4001);
    assert.equal(states.at(-1), "ended");
    await clock.pass(1_000);
    assert.equal(links.length, 1, "not at the first time of asking");
    await clock.pass(4_000);
    assert.equal(links.length, 2);
    last().frame(HELLO);
    assert.equal(states.at(-1), "online");
  });

  test("after 4001 it asks twice, and not at all once it was told to end", async () => {
    let asked = 0;
    const mine = () => {
      asked++;
      return Promise.resolve(false);
    };
    const first = setUp(undefined, undefined, mine);
    first.conn.start();
    first.last().frame(HELLO);
    first.last().down(4001);
    await first.clock.pass(60_000);
    assert.deepEqual([asked, first.states.at(-1)], [2, "ended"]);
    const second = setUp(undefined, undefined, () => Promise.resolve(true));
    second.conn.start();
    second.last().frame(HELLO);
    second.last().down(4001);
    second.conn.end();
    await second.clock.pass(60_000);
    assert.equal(second.links.length, 1);
  });

  test("1001 is come back at once", async () => {
    const { conn, clock, last, links } = setUp();
    conn.start();
    last().frame(HELLO);
    last().down(1001);
    await clock.pass(250);
    assert.equal(links.length, 2);
  });

  for (const code of [1011, 4008]) {
    test(`${code} is come back later`, async () => {
      const { conn, clock, last, links } = setUp();
      conn.start();
      last().frame(HELLO);
      last().down(code);
      await clock.pass(1_000);
      assert.equal(links.length, 1);
      await clock.pass(14_000);
      assert.equal(links.length, 2);
    });
  }
});

test("a silent link is pinged, and given up without an answer", async () => {
  const { conn, clock, links, last } = setUp();
  conn.start();
  last().frame(HELLO);
  await clock.pass(25_000);
  assert.equal(last().sent[0]?.do, "ping");
  await clock.pass(10_250);
  assert.equal(links[0]?.closed, true);
  assert.equal(links.length, 2);
});

test("a link without a hello is given up", async () => {
  const { conn, clock, links } = setUp();
  conn.start();
  await clock.pass(8_250);
  assert.equal(links[0]?.closed, true);
  assert.equal(links.length, 2);
});

test("a link that hangs after a loss is given up sooner, a few times", async () => {
  const { conn, clock, links, last } = setUp();
  conn.start();
  last().frame(HELLO);
  await clock.pass(5_000);
  last().down(1006);
  const given: number[] = [];
  for (let i = 0; i < 5; i++) {
    await clock.pass(clock.wait ?? 0); // the next try
    given.push(Math.round(clock.wait ?? 0));
    await clock.pass(clock.wait ?? 0); // is given up
  }
  assert.deepEqual(given, [3_000, 3_000, 3_000, 8_000, 8_000]);
  assert.equal(links.length, 6);
});

test("events of a link that was given up are not heard", async () => {
  const { conn, links, last, frames, clock } = setUp();
  conn.start();
  last().frame(HELLO);
  last().down(1006);
  await clock.pass(250);
  links[0]?.frame(TYPING);
  links[0]?.down(4001);
  assert.equal(conn.state, "connecting");
  assert.deepEqual(frames, []);
});

/** A connection by HTTP, and the socket that is tried beside it. */
async function fallenBack() {
  const all = setUp({ open: true });
  all.conn.start();
  await all.clock.pass(3_250);
  const http = all.last();
  http.frame(HELLO);
  assert.equal(http.kind, "http");
  await all.clock.pass(15_000);
  assert.deepEqual(all.kinds(), ["socket", "http", "socket"]);
  return { ...all, http, socket: all.last() };
}

suite("a network that blocks WebSocket", () => {
  test("is gone round by HTTP after two failed upgrades, and at once when that link is lost", async () => {
    const { conn, clock, kinds, last } = setUp({ open: true });
    conn.start();
    for (let i = 0; i < 2; i++) {
      last().down(1006);
      await clock.pass(1_000);
    }
    assert.deepEqual(kinds(), ["socket", "socket", "http"]);
    last().frame(HELLO);
    assert.equal(conn.state, "online");
    last().down(1006);
    await clock.pass(250);
    assert.deepEqual(kinds(), ["socket", "socket", "http", "http"]);
    last().frame(HELLO);
    assert.equal(conn.state, "online");
  });

  test("is gone round within four seconds when the upgrade hangs", async () => {
    const { conn, clock, kinds, links } = setUp({ open: true });
    conn.start();
    await clock.pass(3_250);
    assert.deepEqual(kinds(), ["socket", "http"]);
    assert.equal(links[0]?.closed, true);
  });

  test("is gone round when sockets die right after their hello, three in a row", async () => {
    const { conn, clock, kinds, last } = setUp({ open: true });
    conn.start();
    for (let i = 0; i < 3; i++) {
      last().frame(HELLO);
      await clock.pass(500);
      last().down(1006);
      await clock.pass(250);
    }
    assert.deepEqual(kinds(), ["socket", "socket", "socket", "http"]);
  });

  test("is not suspected when a socket lived for a while in between", async () => {
    const { conn, clock, kinds, last } = setUp({ open: true });
    conn.start();
    for (const lived of [500, 500, 6_000, 500, 500]) {
      last().frame(HELLO);
      await clock.pass(lived);
      last().down(1006);
      await clock.pass(250);
    }
    assert.deepEqual(kinds(), Array(6).fill("socket"));
  });

  test("is not suspected for one socket that hangs where others have worked, but for two", async () => {
    const { conn, clock, kinds, last } = setUp({ open: true });
    conn.start();
    last().frame(HELLO);
    await clock.pass(5_000);
    last().down(1006);
    await clock.pass(250); // this one hangs, with the server maybe gone
    await clock.pass(3_500); // and this one, with the server there
    assert.deepEqual(kinds(), ["socket", "socket", "socket"]);
    last().frame(HELLO);
    await clock.pass(5_000);
    last().down(1006);
    await clock.pass(250);
    await clock.pass(3_500);
    await clock.pass(4_000);
    await clock.pass(5_000);
    assert.deepEqual(kinds().slice(3), ["socket", "socket", "socket", "http"]);
  });

  test("stays known while the server is away", async () => {
    const http = { open: true };
    const { conn, clock, kinds, last } = setUp(http);
    conn.start();
    await clock.pass(3_250);
    last().frame(HELLO);
    http.open = false;
    last().down(1006);
    await clock.pass(5_000);
    assert.deepEqual(kinds(), ["socket", "http"]);
    http.open = true;
    await clock.pass(1_500);
    assert.deepEqual(kinds(), ["socket", "http", "http"]);
  });

  test("takes turns when the way round does not work either", async () => {
    const { conn, clock, kinds, last } = setUp({ open: true });
    conn.start();
    for (let i = 0; i < 5; i++) {
      last().down(1006);
      await clock.pass(1_500);
    }
    assert.deepEqual(kinds(), ["socket", "socket", "http", "socket", "http", "socket"]);
  });

  test("is remembered: the next page goes by HTTP at once, and tries the socket beside it", async () => {
    const memory = { blocked: false };
    const first = setUp({ open: true }, memory);
    first.conn.start();
    await first.clock.pass(3_250);
    first.last().frame(HELLO);
    assert.equal(memory.blocked, true);
    const { conn, clock, kinds, links, last } = setUp({ open: true }, memory);
    conn.start();
    assert.deepEqual(kinds(), ["http"]);
    last().frame(HELLO);
    assert.deepEqual(kinds(), ["http", "socket"]);
    links[1]?.frame(HELLO);
    await clock.pass(3_000);
    assert.equal(memory.blocked, false);
  });

  suite("is left by a socket that comes through", () => {
    test("three seconds after its hello, with all that came by it", async () => {
      const { conn, clock, http, socket, frames, hellos } = await fallenBack();
      socket.frame(HELLO);
      socket.frame(TYPING);
      await clock.pass(2_999);
      assert.equal(http.closed, false);
      await clock.pass(1);
      assert.equal(http.closed, true);
      assert.equal(socket.closed, false);
      assert.equal(conn.state, "online");
      assert.equal(hellos.length, 2);
      assert.deepEqual(frames.map((f) => f.is), ["typing"]);
      conn.ask({ do: "ping" }).catch(() => {});
      assert.equal(socket.sent.at(-1)?.do, "ping");
    });

    test("but not before what was asked by HTTP is answered", async () => {
      const { conn, clock, http, socket } = await fallenBack();
      const posted = conn.ask({ do: "post", room: "r1", key: "k", text: "hi" });
      socket.frame(HELLO);
      await clock.pass(4_000);
      assert.equal(http.closed, false);
      http.frame(JSON.stringify({ re: http.sent.at(-1)?.id, ok: { number: 1, version: 1 } }));
      assert.deepEqual(await posted, { number: 1, version: 1 });
      await settled();
      assert.equal(http.closed, true);
      assert.equal(conn.state, "online");
    });

    test("at once when the link by HTTP is lost meanwhile", async () => {
      const { conn, clock, http, socket, kinds } = await fallenBack();
      const posted = conn.ask({ do: "post", room: "r1", key: "k", text: "hi" });
      socket.frame(HELLO);
      await clock.pass(4_000);
      http.down(1006);
      await assert.rejects(posted, Lost);
      assert.equal(conn.state, "online");
      await clock.pass(1_000);
      assert.deepEqual(kinds(), ["socket", "http", "socket"]);
    });

    test("but not by one that dies young; the next one is tried later", async () => {
      const { conn, clock, http, socket, kinds } = await fallenBack();
      socket.frame(HELLO);
      await clock.pass(1_000);
      socket.down(1006);
      assert.equal(http.closed, false);
      http.frame(TYPING);
      await clock.pass(14_000);
      assert.deepEqual(kinds(), ["socket", "http", "socket"]);
      http.frame(TYPING);
      await clock.pass(16_000);
      assert.deepEqual(kinds(), ["socket", "http", "socket", "socket"]);
      assert.equal(conn.state, "online");
    });

    test("nor by one that dies while it waits", async () => {
      const { conn, clock, http, socket } = await fallenBack();
      const posted = conn.ask({ do: "post", room: "r1", key: "k", text: "hi" });
      socket.frame(HELLO);
      await clock.pass(4_000);
      socket.down(1006);
      http.frame(JSON.stringify({ re: http.sent.at(-1)?.id, ok: {} }));
      await posted;
      await settled();
      assert.equal(http.closed, false);
      assert.equal(conn.state, "online");
    });

    test("one that hangs is given up", async () => {
      const { clock, socket } = await fallenBack();
      await clock.pass(10_000);
      assert.equal(socket.closed, true);
    });

    test("on another network it is tried at once", async () => {
      const all = setUp({ open: true });
      all.conn.start();
      await all.clock.pass(3_250);
      all.last().frame(HELLO);
      all.conn.moved();
      assert.deepEqual(all.kinds(), ["socket", "http", "socket"]);
    });

    test("when it ends nothing goes on", async () => {
      const { conn, clock, http, socket, kinds } = await fallenBack();
      socket.frame(HELLO);
      conn.end();
      await clock.pass(400_000);
      assert.equal(http.closed && socket.closed, true);
      assert.deepEqual(kinds(), ["socket", "http", "socket"]);
      assert.equal(conn.state, "ended");
    });
  });

  test("is not suspected when the server was away: it is asked by HTTP until it is back, then comes the upgrade", async () => {
    const http = { open: false };
    const { conn, clock, links, last } = setUp(http);
    conn.start();
    last().frame(HELLO);
    last().down(1006);
    await clock.pass(250);
    last().down(1006);
    await clock.pass(30_000);
    assert.deepEqual(
      links.map((l) => l.kind),
      ["socket", "socket"],
    );
    http.open = true;
    await clock.pass(1_500);
    assert.deepEqual(
      links.map((l) => l.kind),
      ["socket", "socket", "socket"],
    );
    last().down(1006); // it went away again just then
    http.open = false;
    await clock.pass(3_000);
    http.open = true;
    await clock.pass(1_500);
    assert.equal(last().kind, "socket");
    last().frame(HELLO);
    assert.equal(conn.state, "online");
  });
});

test("asking without a connection fails at once", async () => {
  const { conn } = setUp();
  await assert.rejects(conn.ask({ do: "ping" }), Lost);
  await settled();
});
