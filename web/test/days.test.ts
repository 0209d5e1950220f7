import assert from "node:assert/strict";
import { test } from "node:test";
import { Calendar, days, type Said } from "../src/days.ts";

const at = (iso: string) => Date.parse(iso);
const said = (id: string, by: string, iso?: string): Said => ({ id, by, at: iso === undefined ? undefined : at(iso) });
const shape = (list: Said[], zone: string) =>
  days(list, new Calendar(zone)).map((d) => [
    d.date,
    d.messages.map((m) => `${m.said.id}${m.first ? " first" : ""}${m.last ? " last" : ""}`),
  ]);

test("messages of one person within five minutes are a group", () => {
  const got = shape(
    [
      said("a", "u1", "2026-11-23T14:00:00Z"),
      said("b", "u1", "2026-11-23T14:05:00Z"),
      said("c", "u1", "2026-11-23T14:10:00.001Z"),
      said("d", "u2", "2026-11-23T14:10:01Z"),
      said("e", "u1", "2026-11-23T14:10:02Z"),
    ],
    "UTC",
  );
  assert.deepEqual(got, [["2026-11-23", ["a first", "b last", "c first last", "d first last", "e first last"]]]);
});

test("a day ends at midnight of the reader's zone, and a group with it", () => {
  const list = [said("a", "u1", "2026-11-23T22:59:00Z"), said("b", "u1", "2026-11-23T23:01:00Z")];
  assert.deepEqual(shape(list, "UTC"), [["2026-11-23", ["a first", "b last"]]]);
  assert.deepEqual(shape(list, "Europe/Berlin"), [
    ["2026-11-23", ["a first last"]],
    ["2026-11-24", ["b first last"]],
  ]);
  assert.deepEqual(shape(list, "Asia/Kathmandu"), [["2026-11-24", ["a first", "b last"]]]);
});

test("messages without a time stay in the day of the one before", () => {
  const list = [said("a", "u1"), said("b", "u1"), said("c", "u1", "2026-11-23T12:00:00Z"), said("d", "u1"), said("e", "u1")];
  assert.deepEqual(shape(list, "UTC"), [
    ["", ["a first", "b last"]],
    ["2026-11-23", ["c first last", "d first", "e last"]],
  ]);
});

test("a clock that jumps back over midnight makes days with ids of their own", () => {
  const list = [said("a", "u1", "2026-11-24T00:10:00Z"), said("b", "u1", "2026-11-23T23:20:00Z"), said("c", "u1", "2026-11-24T00:20:00Z")];
  const ids = days(list, new Calendar("UTC")).map((d) => d.id);
  assert.equal(new Set(ids).size, 3);
});

test("today and yesterday are called so, other days by their date", () => {
  const calendar = new Calendar("America/New_York");
  const now = at("2026-11-24T03:00:00Z"); // still the 23rd in New York
  assert.equal(calendar.name("2026-11-23", now), "Today");
  assert.equal(calendar.name("2026-11-22", now), "Yesterday");
  assert.equal(calendar.name("2026-11-21", now), "Saturday, 21 November 2026");
  assert.equal(calendar.name("2026-10-31", at("2026-11-01T17:00:00Z")), "Yesterday");
  assert.equal(calendar.time(now), "22:00");
  assert.equal(calendar.moment(now), "Monday, 23 November 2026, 22:00");
});
