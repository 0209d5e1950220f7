import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { due, putAway } from "../src/nudge.ts";
import { FOREVER, mayBring, mayCreate, moderates, type Place, unheard } from "../src/standing.ts";
import type { Own, Settings, User } from "../src/wire.ts";

const open: Settings = { createRooms: "", guestsMayNotPost: false, lockdown: "" };
const guest: User = { id: "u1", name: "ana", kind: "guest" };
const member: User = { id: "u2", name: "ben", kind: "member" };
const moderator: User = { ...member, role: "moderator" };
const mine: Own = { read: 0, unread: 0, mentions: 0, notify: "" };
const place = (me: User, more: Partial<Place> = {}): Place => ({ me, info: { kind: "public" }, member: true, own: mine, settings: open, ...more });

suite("who moderates a room", () => {
  test("its moderators", () => assert.equal(moderates(place(guest, { own: { ...mine, role: "moderator" } })), true));
  test("nobody else who is in it", () => assert.equal(moderates(place(member)), false));
  test("the server's moderators a public one, also from outside", () => assert.equal(moderates(place(moderator, { member: false, own: undefined })), true));
  test("the server's moderators a private one only from inside", () => {
    assert.equal(moderates(place(moderator, { info: { kind: "private" } })), true);
    assert.equal(moderates(place(moderator, { info: { kind: "private" }, member: false })), false);
  });
  test("nobody a direct one", () => assert.equal(moderates(place({ ...member, role: "owner" }, { info: { kind: "direct" } })), false));
});

suite("why somebody cannot write", () => {
  const now = 1_000;
  test("nothing is in the way", () => assert.equal(unheard(place(guest), now), null));
  test("the room is archived, for moderators too", () => assert.deepEqual(unheard(place(moderator, { info: { kind: "public", archived: true } }), now), { why: "archived" }));
  test("a mute in the room, until it ends", () => {
    const muted = place(member, { own: { ...mine, mutedUntil: 2_000 } });
    assert.deepEqual(unheard(muted, now), { why: "muted", until: 2_000 });
    assert.equal(unheard(muted, 2_000), null);
  });
  test("a mute everywhere without an end", () => assert.deepEqual(unheard(place({ ...member, mutedUntil: FOREVER }), now), { why: "muted" }));
  test("a server that is read only, but for moderators", () => {
    const settings = { ...open, lockdown: "read_only" };
    assert.deepEqual(unheard(place(member, { settings }), now), { why: "read-only" });
    assert.equal(unheard(place(moderator, { settings, info: { kind: "direct" } }), now), null);
  });
  test("guests do not post, but in rooms that they were let into", () => {
    const settings = { ...open, guestsMayNotPost: true };
    assert.deepEqual(unheard(place(guest, { settings, member: false }), now), { why: "members-only" });
    assert.equal(unheard(place(guest, { settings }), now), null);
    assert.equal(unheard(place(member, { settings, member: false }), now), null);
  });
});

test("who brings others in is a member of the server and of the room", () => {
  assert.equal(mayBring(place(member)), true);
  assert.equal(mayBring(place(guest)), false);
  assert.equal(mayBring(place(member, { member: false })), false);
  assert.equal(mayBring(place(member, { info: { kind: "direct" } })), false);
  assert.equal(mayBring(place(member, { info: { kind: "public", archived: true } })), false);
});

test("who makes rooms depends on the settings", () => {
  assert.deepEqual(mayCreate(guest, open), { public: true, private: false });
  assert.deepEqual(mayCreate(guest, { ...open, createRooms: "members" }), { public: false, private: false });
  assert.deepEqual(mayCreate(member, { ...open, createRooms: "members" }), { public: true, private: true });
  assert.deepEqual(mayCreate(moderator, { ...open, createRooms: "administrators" }), { public: false, private: true });
  assert.deepEqual(mayCreate({ ...member, role: "owner" }, { ...open, createRooms: "administrators" }), { public: true, private: true });
});

const forbidden = () => {
  throw new Error("forbidden");
};

suite("the reminder that a cookie is all there is", () => {
  const DAY = 86_400_000;
  test("is put away for a week, for this person", () => {
    const kept = new Map<string, string>();
    const memory = () => ({ getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) });
    const now = 100 * DAY;
    assert.equal(due("u1", now, memory), true);
    putAway("u1", now, memory);
    assert.equal(due("u1", now + 6 * DAY, memory), false);
    assert.equal(due("u1", now + 8 * DAY, memory), true);
    assert.equal(due("u2", now, memory), true);
    assert.equal(due("u1", now - DAY, memory), true, "the clock went back");
  });
  test("shows where the browser remembers nothing", () => {
    putAway("u1", 5, forbidden);
    assert.equal(due("u1", 6, forbidden), true);
  });
});
