// What rooms are called, and where they live.

import type { Person, RoomEntry } from "./wire.ts";

/** What a room's addresses begin with: a public room's name, or the "~…" of another. */
export function segment(room: { kind: string; name: string; address?: string }): string {
  return room.kind === "public" ? room.name : (room.address ?? room.name);
}

/** What a room is called in my lists: a direct room by the others in it. */
export function title(room: Pick<RoomEntry, "kind" | "name" | "people">, me: string): string {
  if (room.kind !== "direct") return room.name;
  const names = others(room, me).map(({ name }) => name);
  return names.length > 0 ? names.join(", ") : "Only you";
}

/** Who is in a direct room besides me. */
export function others(room: Pick<RoomEntry, "people">, me: string): Person[] {
  return (room.people ?? []).filter(({ id }) => id !== me);
}

/** How a count of unread messages is shown: 100 stands for more. */
export function counted(count: number): string {
  return count > 99 ? "99+" : `${count}`;
}
