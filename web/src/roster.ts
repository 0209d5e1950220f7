// The two lists of rooms: mine, and the public ones. Each is a fold at a version of its own.

import type { RoomEntry } from "./wire.ts";

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
  const rooms = [...roster.rooms];
  if (at < 0 && !gone) rooms.push(room);
  else if (at >= 0) rooms.splice(at, 1, ...(gone ? [] : [room]));
  return { version, rooms };
}
