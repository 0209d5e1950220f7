import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../src/backoff.ts";
import { seeded } from "./clock.ts";

test("the first wait is within 250 ms", () => {
  for (const r of [0, 0.5, 0.999999]) assert.ok(new Backoff(() => r).next() <= 250);
});

test("later waits are jittered over their whole range: soon for most of a minute, then up to 15 s", () => {
  const least = new Backoff(() => 0);
  const most = new Backoff(() => 0.999999);
  const limits = Array.from({ length: 66 }, () => [least.next(), Math.round(most.next())]);
  assert.ok(limits.every(([low]) => low === 0));
  const highs = limits.map(([, high]) => high);
  assert.deepEqual(highs.slice(0, 5), [250, 500, 1000, 1500, 1500]);
  assert.ok(highs.slice(3, 60).every((high) => high === 1500));
  assert.deepEqual(highs.slice(60), [3000, 6000, 12000, 15000, 15000, 15000]);
  const backoff = new Backoff(seeded(1));
  for (let i = 0; i < 1000; i++) assert.ok(backoff.next() <= 15_000);
});

test("after a success the next wait is a first one", () => {
  const backoff = new Backoff(() => 0.999999);
  for (let i = 0; i < 100; i++) backoff.next();
  backoff.reset();
  assert.ok(backoff.next() <= 250);
});

test("a server that asks for calm is not tried again at once", () => {
  const backoff = new Backoff(() => 0.999999);
  backoff.later();
  assert.ok(backoff.next() > 1000);
});
