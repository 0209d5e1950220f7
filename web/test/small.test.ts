import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { messageIn, messagePath, roomIn, roomPath } from "../src/address.ts";
import { joined } from "../src/drafts.ts";
import { onlyEmoji } from "../src/emoji.ts";
import { hue, initial } from "../src/face.ts";
import { items } from "../src/items.ts";
import { makeKey } from "../src/key.ts";
import type { RoomView } from "../src/room.ts";
import { follow } from "../src/roster.ts";
import { golden, goldens } from "./golden.ts";

suite("only emoji", () => {
  for (const text of ["🎉", "👍🏽", "❤️ ❤️", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "1️⃣", " 😀\n😀 ", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "⭐️"]) test(`is ${text}`, () => assert.equal(onlyEmoji(text), true));
  for (const text of ["", "a", "🎉!", "12", "#", "🎉".repeat(7), "©", "hm 🎉"]) test(`is not ${text}`, () => assert.equal(onlyEmoji(text), false));
});

test("hues and initials are those of the server's pages", () => {
  assert.equal(hue("u8"), "hue-8");
  assert.equal(hue("u1"), "hue-7");
  assert.equal(hue("u12345678901234567890"), "hue-6");
  assert.equal(hue("nobody"), "hue-0");
  assert.equal(initial("ana"), "A");
  assert.equal(initial("_élan"), "É");
  assert.equal(initial("上海"), "上");
  assert.equal(initial("🎉"), "🎉");
  assert.equal(initial(""), "?");
});

test("addresses name rooms, people and messages", () => {
  assert.equal(roomPath("a room", "an/a"), "/a%20room/an%2Fa/");
  assert.equal(messagePath("東京", "ana", 17), "/%E6%9D%B1%E4%BA%AC/ana/?at=17#m17");
  assert.equal(roomIn("/a%20room/ana/"), "a room");
  assert.equal(roomIn("/-/sign-in/x/"), undefined);
  assert.equal(roomIn("/%ff/ana/"), undefined);
  assert.equal(messageIn({ hash: "#m17", search: "?at=9" }), 17);
  assert.equal(messageIn({ hash: "", search: "?at=9" }), 9);
  for (const bad of ["?at=0", "?at=-1", "?at=x", "?at=1e9", ""]) assert.equal(messageIn({ hash: "#m", search: bad }), undefined);
});

test("keys are printable, sort by time and are never the same", () => {
  const keys = [makeKey(1000), makeKey(1000), makeKey(999), makeKey(1001), makeKey(1_790_000_000_000)];
  for (const key of keys) assert.match(key, /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.deepEqual(keys.toSorted(), keys);
  assert.equal(new Set(keys).size, keys.length);
});

const room = (id: string, name: string) => ({ id, name, kind: "public" });

test("a list of rooms follows its changes and forgets old ones", () => {
  let list = follow({ version: 1, rooms: [room("r1", "a")] }, 2, room("r2", "b"));
  list = follow(list, 3, room("r1", "renamed"));
  list = follow(list, 3, room("r1", "stale"));
  assert.deepEqual(
    list.rooms.map((r) => r.name),
    ["renamed", "b"],
  );
  list = follow(list, 4, { ...room("r2", "b"), left: true });
  list = follow(list, 5, { ...room("r9", "never seen"), deleted: true });
  assert.deepEqual(list, { version: 5, rooms: [room("r1", "renamed")] });
});

test("a message on its way turns into the real one without changing its place in the list", () => {
  const view: RoomView = {
    id: "r1",
    info: { name: "lobby", kind: "public", topic: "", members: 1 },
    member: true,
    version: 1,
    newest: 1,
    messages: [{ number: 1, version: 1, by: "u2", text: "hi" }],
    earlier: false,
    later: false,
  };
  const entry = { key: "K", room: "r1", text: "hello", at: 5, epoch: "k1" };
  const elsewhere = { ...entry, key: "L", room: "r2" };
  const before = items(view, [entry, elsewhere], "u1");
  const real = { number: 2, version: 2, by: "u1", key: "K", text: "hello" };
  const after = items({ ...view, messages: [...view.messages, real] }, [entry], "u1");
  assert.deepEqual(
    before.map((i) => i.id),
    ["m1", "K"],
  );
  assert.deepEqual(
    after.map((i) => i.id),
    ["m1", "K"],
  );
  assert.equal(before[0], after[0]);
  assert.equal(after[1]?.message, real);
  assert.deepEqual(items({ ...view, later: true }, [entry], "u1").length, 1);
});

test("what was written before the draft was at hand is added to it", () => {
  assert.equal(joined("", ""), "");
  assert.equal(joined("", "hello"), "hello");
  assert.equal(joined("hello", ""), "hello");
  assert.equal(joined("hello", "hello"), "hello"); // a browser puts back what the box held before the reload
  assert.equal(joined("hello", "and more"), "hello\nand more");
});

suite("no source has an HTML sink", () => {
  for (const name of [...goldens("web/src", ".ts"), ...goldens("web/src", ".tsx")]) {
    test(name, () =>
      assert.doesNotMatch(golden(`web/src/${name}`), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet|DOMParser|\beval\(/),
    );
  }
});
