import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Room, WINDOW } from "../src/room.ts";
import type { Change, Message } from "../src/wire.ts";
import { seeded } from "./clock.ts";
import { ModelRoom } from "./model_room.ts";

const texts = (room: Room) => room.view.messages.map((m) => `${m.number} ${m.text}`);

test("a change applied twice, late or out of order does no harm", () => {
  const server = new ModelRoom();
  for (const text of ["one", "two", "three"]) server.post(text);
  server.edit(2, "two, edited");
  server.remove(1);
  const room = new Room(new ModelRoom().snapshot(50), "u1");
  const changes = [...server.changes];
  for (const order of [changes, changes, changes.toReversed()]) for (const change of order) room.apply(change);
  assert.deepEqual(texts(room), ["2 two, edited", "3 three"]);
  assert.deepEqual(room.position, { epoch: "k1", version: 5 });
});

test("a message that did not change stays the same object", () => {
  const server = new ModelRoom();
  server.post("one");
  const room = new Room(server.snapshot(50), "u1");
  const before = room.view.messages[0];
  room.apply(server.post("two"));
  assert.equal(room.view.messages[0], before);
});

test("apply tells new messages from edits", () => {
  const server = new ModelRoom();
  const room = new Room(server.snapshot(50), "u1");
  const post = server.post("one");
  assert.equal(room.apply(post), true);
  assert.equal(room.apply(post), false);
  assert.equal(room.apply(server.edit(1, "uno")), false);
});

test("the room's name and my membership follow their changes", () => {
  const room = new Room(new ModelRoom().snapshot(50), "u1");
  room.apply({ room: "r1", version: 1, member: { user: "u1", name: "ana", joined: true } });
  room.apply({ room: "r1", version: 3, members: 612 });
  room.apply({ room: "r1", version: 2, info: { name: "den", kind: "public", topic: "Quiet", members: 1 } });
  assert.equal(room.view.member, true);
  assert.deepEqual(room.view.info, { name: "den", kind: "public", topic: "Quiet", members: 612 });
  room.apply({ room: "r1", version: 4, member: { user: "u2", name: "ben", joined: false } });
  assert.equal(room.view.member, true);
});

suite("history", () => {
  test("reaches the first message, and says so", () => {
    const server = full(120);
    const room = new Room(server.snapshot(50), "u1");
    while (room.view.earlier) assert.ok(load(room, server, "before"));
    assert.deepEqual(texts(room), server.all());
  });

  test("an edit or deletion that overtakes the page wins", () => {
    const server = full(120);
    const room = new Room(server.snapshot(50), "u1");
    load(room, server, "before", () => {
      room.apply(server.edit(60, "changed"));
      room.apply(server.remove(61));
      room.apply(server.post("new"));
    });
    load(room, server, "before");
    assert.deepEqual(texts(room), server.all());
  });

  test("the window stays bounded and pages both ways without a gap", () => {
    const server = full(1000);
    const room = new Room(server.snapshot(50), "u1");
    while (room.view.earlier) {
      load(room, server, "before");
      room.trim(room.edge("before"));
      assert.ok(room.view.messages.length <= WINDOW);
    }
    assert.equal(room.view.later, true);
    room.apply(server.post("while away"));
    const seen = new Set(texts(room));
    while (room.view.later) {
      load(room, server, "after", () => void (server.changes.length < 1010 && room.apply(server.post("and more"))));
      room.trim(room.edge("after"));
      const numbers = room.view.messages.map((m) => m.number);
      assert.ok(numbers.every((n, i) => i === 0 || n === (numbers[i - 1] ?? 0) + 1));
      for (const line of texts(room)) seen.add(line);
    }
    assert.deepEqual([...seen].toSorted(), server.all().toSorted());
    assert.deepEqual(texts(room), server.all().slice(-WINDOW));
    while (room.view.earlier) load(room, server, "before");
    assert.deepEqual(texts(room), server.all());
  });

  test("a page that was asked for before a reset changes nothing", () => {
    const server = full(120);
    const room = new Room(server.snapshot(50), "u1");
    const edge = room.edge("before");
    const asked = room.ask();
    const page = server.page("before", edge, 50);
    room.reset(server.snapshot(50, 100), false);
    const before = texts(room);
    assert.equal(room.addPage(asked, "before", edge, page), false);
    assert.deepEqual(texts(room), before);
  });

  test("a window around a message has more on both sides", () => {
    const server = full(300);
    const room = new Room(server.snapshot(50, 150), "u1", false);
    assert.equal(room.view.earlier && room.view.later, true);
    while (room.view.later) load(room, server, "after");
    while (room.view.earlier) load(room, server, "before");
    assert.deepEqual(texts(room), server.all());
  });
});

test("law: a reader that comes back ends where a fresh load stands", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seeded(seed);
    const pick = (n: number) => Math.floor(random() * n);
    const server = new ModelRoom();
    for (let i = pick(30); i > 0; i--) server.act(random);
    const room = new Room(server.snapshot(1000), "u1");
    let cut = false;
    let missed: Change[] = [];
    for (let i = 0; i < 120; i++) {
      const change = server.act(random);
      if (!cut) room.apply(change);
      else missed.push(change);
      if (pick(12) === 0) cut = true;
      if (cut && pick(8) === 0) {
        // Back again: some changes arrive twice, before or after the answer.
        const again = missed.filter(() => pick(2) === 0);
        const behind = pick(5) === 0;
        const answer = behind ? server.snapshot(1000) : server.resume(room.position);
        if (pick(2) === 0 && !behind) for (const c of again) room.apply(c);
        room.take(answer);
        for (const c of again) room.apply(c);
        cut = false;
        missed = [];
      }
    }
    if (cut) room.take(server.resume(room.position));
    const fresh = new Room(server.snapshot(1000), "u1").view;
    assert.deepEqual(plain(room.view.messages), plain(fresh.messages), `seed ${seed}`);
    assert.equal(room.view.version, fresh.version, `seed ${seed}`);
    assert.deepEqual([room.view.earlier, room.view.later], [fresh.earlier, fresh.later], `seed ${seed}`);
  }
});

function plain(messages: readonly Message[]): Message[] {
  return messages.map((m) => ({ ...m }));
}

function full(count: number): ModelRoom {
  const server = new ModelRoom();
  for (let i = 1; i <= count; i++) server.post(`text ${i}`);
  return server;
}

/** Reads a page on, with something happening between the question and the answer's arrival. */
function load(room: Room, server: ModelRoom, side: "before" | "after", meanwhile?: () => void): boolean {
  const edge = room.edge(side);
  const asked = room.ask();
  const page = server.page(side, edge, 50);
  meanwhile?.();
  return room.addPage(asked, side, edge, page);
}
