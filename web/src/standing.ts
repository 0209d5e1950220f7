// What I may do in a room, as far as the page can tell: it shows nobody what the server would refuse. The server alone decides.

import type { Own, RoomInfo, Settings, User } from "./wire.ts";

export interface Place {
  me: User;
  info: Pick<RoomInfo, "kind" | "archived">;
  /** I am in the room. */
  member: boolean;
  own?: Own | undefined;
  settings: Settings;
}

const ROLES: ReadonlySet<string> = new Set(["moderator", "administrator", "owner"]);
/** A time that does not come, unix milliseconds: for what has no end. */
export const FOREVER = 2 ** 52;

/** Whether somebody moderates the whole server. */
export function moderatesAll(me: User): boolean {
  return ROLES.has(me.role ?? "");
}

export function isGuest(me: User): boolean {
  return (me.kind ?? "guest") === "guest";
}

/** Whether I manage the room and who is in it. A direct room has no moderators. */
export function moderates({ me, info, member, own }: Place): boolean {
  if (info.kind === "direct") return false;
  if (member && own?.role === "moderator") return true;
  return moderatesAll(me) && (member || info.kind === "public");
}

/** Whether I may bring others into the room, or hand out links to it. */
export function mayBring(place: Place): boolean {
  const { me, info, member } = place;
  return info.kind !== "direct" && member && !isGuest(me) && !info.archived && unheard(place, Date.now()) === null;
}

/** Why I cannot write here. */
export interface Unheard {
  why: "archived" | "muted" | "read-only" | "members-only";
  /** Unix milliseconds: when that ends by itself. */
  until?: number;
}

/** Why I cannot write in the room at a moment; null when I can. */
export function unheard(place: Place, now: number): Unheard | null {
  const { me, info, member, own, settings } = place;
  if (info.archived) return { why: "archived" };
  if (moderates(place) || moderatesAll(me)) return null;
  const until = Math.max(me.mutedUntil ?? 0, own?.mutedUntil ?? 0);
  if (until > now) return until >= FOREVER ? { why: "muted" } : { why: "muted", until };
  if (settings.lockdown === "read_only") return { why: "read-only" };
  if (isGuest(me) && (settings.lockdown === "members_only" || (settings.guestsMayNotPost && !member && info.kind === "public"))) return { why: "members-only" };
  return null;
}

/** Which kinds of rooms I may make. */
export function mayCreate(me: User, settings: Settings): { public: boolean; private: boolean } {
  const rank = ["", "member", "moderator", "administrator", "owner"].indexOf(me.role ?? "") || (isGuest(me) ? 0 : 1);
  const needed = { "": 0, members: 1, moderators: 2, administrators: 3 }[settings.createRooms] ?? 0;
  return { public: rank >= needed, private: !isGuest(me) };
}
