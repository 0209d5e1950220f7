// How counts come and how far I have read is told, by a clock that the test moves.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Lost } from "../src/conn.ts";
import { Reading } from "../src/reading.ts";
import { Unread } from "../src/unread.ts";
import { settled, TestClock } from "./clock.ts";

function counting(answer: () => Promise<void> = () => Promise.resolve()) {
  const clock = new TestClock();
  const asked: string[][] = [];
  const unread = new Unread({
    clock,
    ask: (rooms) => {
      asked.push(rooms);
      return answer();
    },
  });
  return { clock, asked, unread };
}

suite("heads of rooms that are not open", () => {
  test("are asked about together, and at most once a second", async () => {
    const { clock, asked, unread } = counting();
    unread.note("r1");
    unread.note("r2");
    unread.note("r1");
    await clock.pass(100);
    assert.deepEqual(asked, [["r1", "r2"]]);
    for (let i = 0; i < 5; i++) {
      unread.note("r3");
      await clock.pass(100);
    }
    assert.equal(asked.length, 1);
    await clock.pass(600);
    assert.deepEqual(asked.slice(1), [["r3"]]);
    await clock.pass(5_000);
    assert.equal(asked.length, 2, "nobody is asked for nothing");
    unread.note("r1");
    await clock.pass(60);
    assert.equal(asked.length, 3, "after a rest the next one is quick");
  });

  test("are asked about a hundred at once", async () => {
    const { clock, asked, unread } = counting();
    for (let i = 0; i < 150; i++) unread.note(`r${i}`);
    await clock.pass(60);
    assert.equal(asked[0]?.length, 100);
    await clock.pass(1_000);
    assert.equal(asked[1]?.length, 50);
  });

  test("are asked about again when that failed", async () => {
    let fail = true;
    const { clock, asked, unread } = counting(() => (fail ? Promise.reject(new Lost("gone")) : Promise.resolve()));
    unread.note("r1");
    await clock.pass(60);
    fail = false;
    await clock.pass(5_000);
    assert.deepEqual(asked, [["r1"], ["r1"]]);
  });

  test("are forgotten when all counts are told anew", async () => {
    const { clock, asked, unread } = counting();
    unread.note("r1");
    unread.reset();
    await clock.pass(2_000);
    assert.deepEqual(asked, []);
  });
});

function reader() {
  const clock = new TestClock();
  const told: string[] = [];
  const soon: string[] = [];
  const state = { fail: false };
  const reading = new Reading({
    clock,
    soon: (room, number) => soon.push(`${room} ${number}`),
    tell: (room, number) => {
      told.push(`${room} ${number}`);
      return state.fail ? Promise.reject(new Lost("gone")) : Promise.resolve();
    },
  });
  return { clock, told, soon, reading, state };
}

suite("what I have read", () => {
  test("is told once for all that came within a moment, and shown at once", async () => {
    const { clock, told, soon, reading } = reader();
    reading.enter("r1", 3);
    reading.seen("r1", 4);
    reading.seen("r1", 5);
    reading.seen("r1", 5);
    assert.deepEqual(soon, ["r1 4", "r1 5"]);
    await clock.pass(399);
    assert.deepEqual(told, []);
    await clock.pass(1);
    assert.deepEqual(told, ["r1 5"]);
    reading.seen("r1", 5);
    await clock.pass(1_000);
    assert.deepEqual(told, ["r1 5"], "what is known is not told again");
  });

  test("is told while messages keep coming", async () => {
    const { clock, told, reading } = reader();
    reading.enter("r1", 0);
    for (let i = 1; i <= 10; i++) {
      reading.seen("r1", i);
      await clock.pass(100);
    }
    await clock.pass(400);
    assert.equal(told.at(-1), "r1 10");
    assert.ok(told.length >= 2 && told.length <= 4, `told ${told.length} times`);
  });

  test("is told at once when another room is looked at", async () => {
    const { told, reading } = reader();
    reading.enter("r1", 3);
    reading.seen("r1", 4);
    reading.enter("r2", 0);
    reading.seen("r2", 1);
    await settled();
    assert.deepEqual(told, ["r1 4"]);
  });

  test("is told again when that failed", async () => {
    const { clock, told, reading, state } = reader();
    reading.enter("r1", 3);
    state.fail = true;
    reading.seen("r1", 4);
    await clock.pass(400);
    state.fail = false;
    reading.seen("r1", 4);
    await clock.pass(400);
    assert.deepEqual(told, ["r1 4", "r1 4"]);
  });

  test("of a room that is not mine is told to nobody", async () => {
    const { clock, told, reading } = reader();
    reading.seen("r1", 4);
    await clock.pass(1_000);
    assert.deepEqual(told, []);
  });

  test("goes back with “unread from here”, until the room is entered again", async () => {
    const { clock, told, reading } = reader();
    reading.enter("r1", 9);
    await reading.unreadFrom("r1", 5);
    reading.seen("r1", 9);
    reading.seen("r1", 10);
    await clock.pass(1_000);
    assert.deepEqual(told, ["r1 4"]);
    reading.enter("r1", 4);
    reading.seen("r1", 10);
    await clock.pass(400);
    assert.deepEqual(told, ["r1 4", "r1 10"]);
  });

  test("goes back in all my tabs, also one that has the room open", async () => {
    const { clock, told, reading } = reader();
    reading.enter("r1", 9);
    reading.heard("r1", 9);
    reading.heard("r1", 4); // said in another tab
    reading.seen("r1", 10);
    await clock.pass(1_000);
    assert.deepEqual(told, []);
  });

  test("is not held back by an older word of the server that comes late", async () => {
    const { clock, told, reading } = reader();
    reading.enter("r1", 8);
    reading.heard("r1", 8);
    reading.seen("r1", 10);
    await clock.pass(400);
    reading.heard("r1", 9);
    reading.heard("r1", 10);
    reading.seen("r1", 11);
    await clock.pass(400);
    assert.deepEqual(told, ["r1 10", "r1 11"]);
  });
});
