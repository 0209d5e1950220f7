import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Conn, Lost, Refused, type State } from "../src/conn.ts";
import type { Dial, LinkEvents } from "../src/link.ts";
import type { Frame, Request } from "../src/wire.ts";
import { settled, TestClock } from "./clock.ts";

const HELLO = JSON.stringify({
  hello: { epoch: "k1", me: null, server: { rooms: [], version: 0 }, limits: { text: 1, name: 1, room: 1, frame: 1, behind: 1 } },
});

function setUp(http?: { open: boolean }) {
  const clock = new TestClock();
  const states: State[] = [];
  const frames: Frame[] = [];
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
    hello: () => {},
    frame: (f) => frames.push(f),
    state: (s) => states.push(s),
  });
  const last = () => {
    const link = links.at(-1);
    assert.ok(link);
    return link;
  };
  return { conn, clock, states, frames, links, last };
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

test("events of a link that was given up are not heard", async () => {
  const { conn, links, last, frames, clock } = setUp();
  conn.start();
  last().frame(HELLO);
  last().down(1006);
  await clock.pass(250);
  links[0]?.frame('{"room":"r1","typing":[]}');
  links[0]?.down(4001);
  assert.equal(conn.state, "connecting");
  assert.deepEqual(frames, []);
});

suite("a network that blocks WebSocket", () => {
  test("is gone round by HTTP after two failed upgrades, with one new try by WebSocket later", async () => {
    const { conn, clock, links, last } = setUp({ open: true });
    conn.start();
    for (let i = 0; i < 2; i++) {
      last().down(1006);
      await clock.pass(1_000);
    }
    assert.deepEqual(
      links.map((l) => l.kind),
      ["socket", "socket", "http"],
    );
    last().frame(HELLO);
    assert.equal(conn.state, "online");
    last().down(1006);
    await clock.pass(250);
    last().down(1006);
    await clock.pass(1_000);
    assert.deepEqual(
      links.map((l) => l.kind),
      ["socket", "socket", "http", "socket", "http"],
    );
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
