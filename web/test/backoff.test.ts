import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../src/backoff.ts";
import { seeded } from "./clock.ts";

test("the first wait is within 250 ms", () => {
  for (const r of [0, 0.5, 0.999999]) assert.ok(new Backoff(() => r).next() <= 250);
});

test("later waits grow, are jittered over their whole range and stay within 15 s", () => {
  const least = new Backoff(() => 0);
  const most = new Backoff(() => 0.999999);
  const limits = Array.from({ length: 12 }, () => [least.next(), Math.round(most.next())]);
  assert.ok(limits.every(([low]) => low === 0));
  assert.deepEqual(
    limits.map(([, high]) => high),
    [250, 500, 1000, 2000, 4000, 8000, 15000, 15000, 15000, 15000, 15000, 15000],
  );
  const backoff = new Backoff(seeded(1));
  for (let i = 0; i < 1000; i++) assert.ok(backoff.next() <= 15_000);
});

test("after a success the next wait is a first one", () => {
  const backoff = new Backoff(() => 0.999999);
  for (let i = 0; i < 5; i++) backoff.next();
  backoff.reset();
  assert.ok(backoff.next() <= 250);
});

test("a server that asks for calm is not tried again at once", () => {
  const backoff = new Backoff(() => 0.999999);
  backoff.later();
  assert.ok(backoff.next() > 1000);
});
