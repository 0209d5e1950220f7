// The two lists of rooms: mine, and the public ones. Each is a fold at a version of its own. What is my own about a room, how far I
// have read it and what I am told of it, comes in the same changes, and besides as a value that only the newest counts of.

import type { Own, RoomEntry } from "./wire.ts";

export interface Roster {
  version: number;
  rooms: readonly RoomEntry[];
}

/** Applies one room of a change; a room that was left or deleted goes. An old change does nothing. */
export function follow(roster: Roster, version: number, room?: RoomEntry): Roster {
  if (version <= roster.version) return roster;
  if (!room) return { ...roster, version };
  const gone = room.left === true || room.deleted === true;
  const at = roster.rooms.findIndex((r) => r.id === room.id);
  const before = roster.rooms[at];
  const rooms = [...roster.rooms];
  if (!before && !gone) rooms.push(room);
  else if (before) rooms.splice(at, 1, ...(gone ? [] : [over(before, room)]));
  return { version, rooms };
}

/** A newer entry; of what it says nothing about, the older one holds. */
function over(before: RoomEntry, room: RoomEntry): RoomEntry {
  const entry = { ...room };
  if (!room.own && before.own) entry.own = before.own;
  if (room.here === undefined && before.here !== undefined) entry.here = before.here;
  if (!room.people && before.people) entry.people = before.people;
  return entry;
}

/** Takes what is my own about some rooms, as it is now. A room that is not in the list says nothing. */
export function own(roster: Roster, news: ReadonlyMap<string, Partial<Own>>): Roster {
  let changed = false;
  const rooms = roster.rooms.map((room) => {
    const its = news.get(room.id);
    if (!its) return room;
    const next: Own = { read: 0, unread: 0, mentions: 0, notify: "", ...room.own, ...its };
    if (room.own && same(room.own, next)) return room;
    changed = true;
    return { ...room, own: next };
  });
  return changed ? { ...roster, rooms } : roster;
}

/** Takes who is in direct rooms, as they are called now. */
export function named(roster: Roster, news: readonly RoomEntry[]): Roster {
  const people = new Map(news.flatMap((room) => (room.people ? [[room.id, room.people]] : [])));
  if (people.size === 0) return roster;
  const rooms = roster.rooms.map((room) => {
    const there = people.get(room.id);
    return there ? Object.assign({}, room, { people: there }) : room;
  });
  return { ...roster, rooms };
}

function same(a: Own, b: Own): boolean {
  const fields = ["read", "unread", "mentions", "notify", "role", "mutedUntil"] as const;
  return fields.every((field) => a[field] === b[field]);
}
