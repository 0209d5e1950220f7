// The lists of rooms: how they follow their changes, and what they show.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { follow, named, own, type Roster } from "../src/roster.ts";
import { lists } from "../src/sidebar.ts";
import { counted, segment, title } from "../src/titles.ts";
import * as wire from "../src/wire.ts";

const mine = { read: 3, unread: 2, mentions: 1, notify: "" } as const;
const entry = (id: string, name: string, more: Partial<wire.RoomEntry> = {}): wire.RoomEntry => ({ id, name, kind: "public", ...more });

/** What a frame of the server says about a room of mine. */
function told(data: string): wire.RoomEntry {
  const frame = wire.frame(data);
  if (frame?.is !== "me" || !frame.room) throw new Error("no room of mine");
  return frame.room;
}

suite("a list of rooms", () => {
  const before: Roster = { version: 1, rooms: [entry("r1", "a", { own: mine })] };

  test("keeps what is my own when a change says nothing about it", () => {
    const after = follow(before, 2, entry("r1", "renamed"));
    assert.deepEqual(after.rooms, [entry("r1", "renamed", { own: mine })]);
  });

  test("takes what is my own when a change says it", () => {
    const room = told('{"me":{"room":{"id":"r1","name":"a","kind":"public","read":9,"unread":0,"mentions":0,"notify":"hidden","role":"moderator","muted_until":5}},"version":2}');
    assert.deepEqual(follow(before, 2, room).rooms[0]?.own, { read: 9, unread: 0, mentions: 0, notify: "hidden", role: "moderator", mutedUntil: 5 });
  });

  test("keeps who is in a direct room", () => {
    const people = [{ id: "u2", name: "ben" }];
    const list = follow({ version: 1, rooms: [entry("r1", "", { kind: "direct", people })] }, 2, entry("r1", "", { kind: "direct" }));
    assert.deepEqual(list.rooms[0]?.people, people);
  });

  test("takes counts of rooms that it has, and no others", () => {
    const after = own(before, new Map([["r1", { unread: 7 }], ["r9", { unread: 1 }]]));
    assert.deepEqual(after.rooms, [entry("r1", "a", { own: { ...mine, unread: 7 } })]);
    assert.equal(after.version, 1);
  });

  test("calls people of direct rooms as they are called now", () => {
    const list = { version: 1, rooms: [entry("r1", "", { kind: "direct", people: [{ id: "u2", name: "ben" }], own: mine }), entry("r2", "b")] };
    const [direct, other] = named(list, [entry("r1", "", { kind: "direct", people: [{ id: "u2", name: "benny" }] })]).rooms;
    assert.deepEqual(direct, entry("r1", "", { kind: "direct", people: [{ id: "u2", name: "benny" }], own: mine }));
    assert.equal(other, list.rooms[1]);
    assert.equal(named(list, [entry("r2", "b")]), list);
  });

  test("is the same object when nothing is new", () => assert.equal(own(before, new Map([["r1", { unread: 2 }]])), before));
});

suite("the server's frames about rooms", () => {
  test("a direct room has people and an address", () => {
    const room = told('{"me":{"room":{"id":"r8","name":"","kind":"direct","address":"~k3","people":[{"id":"u7","name":"ana"},{"id":"u8","name":"ben"}],"read":0,"unread":0,"mentions":0}},"version":3}');
    assert.equal(title(room, "u7"), "ben");
    assert.equal(segment(room), "~k3");
  });

  test("a head is a value of its room", () => {
    assert.deepEqual(wire.frame('{"room":"r8","head":{"version":51,"number":20}}'), { is: "head", room: "r8", version: 51, number: 20 });
  });

  test("the settings come with the server's sequence", () => {
    const frame = wire.frame('{"server":{"settings":{"lockdown":"read_only","create_rooms":"members","guests_may_not_post":true}},"version":5}');
    assert.deepEqual(frame, { is: "server", version: 5, settings: { lockdown: "read_only", createRooms: "members", guestsMayNotPost: true } });
  });

  test("a level that is not known is all", () => {
    assert.equal(told('{"me":{"room":{"id":"r1","name":"a","kind":"public","read":0,"notify":"whisper"}},"version":2}').own?.notify, "");
  });

  test("a post that is held is no message", () => assert.deepEqual(wire.posted({ held: 3 }), { held: "3" }));
});

test("what rooms are called", () => {
  const people = [{ id: "u1", name: "ana" }, { id: "u2", name: "ben" }, { id: "u3", name: "clara" }];
  assert.equal(title({ kind: "direct", name: "", people }, "u1"), "ben, clara");
  assert.equal(title({ kind: "direct", name: "", people: people.slice(0, 1) }, "u1"), "Only you");
  assert.equal(title({ kind: "private", name: "board", people }, "u1"), "board");
  assert.deepEqual([0, 1, 99, 100].map(counted), ["0", "1", "99", "99+"]);
  assert.equal(segment({ kind: "public", name: "a b", address: "~x" }), "a b");
});

const show = (rooms: wire.RoomEntry[], more: Partial<Parameters<typeof lists>[0]> = {}) =>
  lists({ me: "u1", mine: rooms, others: [], current: "", all: false, ...more });
const of = (notify: wire.Notify, unread: number, mentions: number) => [entry("r1", "a", { own: { read: 0, unread, mentions, notify } })];

suite("the rooms at the side", () => {
  for (const [notify, unread, mentions, want] of [
    ["", 3, 0, { bold: true, count: 3, mentioned: false }],
    ["", 0, 0, { bold: false, count: 0, mentioned: false }],
    ["", 100, 2, { bold: true, count: 2, mentioned: true }],
    ["mentions", 3, 0, { bold: false, count: 0, mentioned: false }],
    ["mentions", 3, 1, { bold: true, count: 1, mentioned: true }],
    ["nothing", 3, 1, { bold: false, count: 0, mentioned: false }],
    ["hidden", 3, 1, { bold: true, count: 1, mentioned: true }],
  ] as const) {
    test(`with "${notify}", ${unread} unread and ${mentions} mentions say ${JSON.stringify(want)}`, () => {
      const [line] = show(of(notify, unread, mentions)).mine;
      assert.deepEqual({ bold: line?.bold, count: line?.count, mentioned: line?.mentioned }, want);
    });
  }

  test("a hidden room shows only when it is open, or all are asked for", () => {
    const rooms = of("hidden", 3, 0);
    assert.deepEqual([show(rooms).mine.length, show(rooms).more], [0, 1]);
    assert.equal(show(rooms, { current: "r1" }).mine.length, 1);
    assert.equal(show(rooms, { all: true }).hidden.length, 1);
  });

  test("an archived room shows under all rooms, also one that is not mine", () => {
    const old = entry("r1", "old", { archived: true });
    assert.deepEqual([show([old]).mine.length, show([old]).more], [0, 1]);
    assert.equal(show([], { others: [old] }).more, 1);
    assert.equal(show([], { others: [old], all: true }).archived.length, 1);
    assert.equal(show([old], { current: "r1" }).mine.length, 1);
  });

  test("mine are sorted by name, people apart from rooms, and others as they came", () => {
    const shown = show([entry("r1", "room 10"), entry("r2", "Room 9"), entry("r3", "", { kind: "direct", people: [{ id: "u2", name: "ben" }] })], {
      others: [entry("r5", "z"), entry("r4", "b")],
    });
    assert.deepEqual(shown.mine.map((l) => l.title), ["Room 9", "room 10"]);
    assert.deepEqual(shown.people.map((l) => l.title), ["ben"]);
    assert.deepEqual(shown.others.map((l) => l.title), ["z", "b"]);
  });
});
