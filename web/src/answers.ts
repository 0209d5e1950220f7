// The answers to what is done with rooms and the people in them.

import { fields, integer, list, string } from "./guard.ts";
import { type RoomEntry, roomEntry } from "./wire.ts";

/** A line in a list of members. */
export interface Joined {
  user: string;
  name: string;
  role?: string;
}

/** Reads the answer to `create`. */
export function created(value: unknown): RoomEntry {
  return roomEntry(fields(value, "created").room);
}

/** Reads the answer to `members`. */
export function members(value: unknown): { members: Joined[]; more: boolean } {
  const f = fields(value, "members");
  return { members: list(f, "members", (m) => joinedOne(m)), more: f.more === true };
}

function joinedOne(value: unknown): Joined {
  const f = fields(value, "member");
  const m: Joined = { user: string(f, "user"), name: string(f, "name") };
  if (typeof f.role === "string") m.role = f.role;
  return m;
}

/** Reads the answer to `unread`. */
export function unread(value: unknown): RoomEntry[] {
  return list(fields(value, "unread"), "rooms", roomEntry);
}

/** Reads the answer to `read`. */
export function marked(value: unknown): { read: number; unread: number; mentions: number } {
  const f = fields(value, "marked");
  return { read: integer(f, "read"), unread: integer(f, "unread"), mentions: integer(f, "mentions") };
}
