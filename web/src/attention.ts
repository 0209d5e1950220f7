// What the person looks at, and what that means: which messages count as read, which rooms have something new, and where the "New"
// line stands.

import { signal } from "@preact/signals";
import { marked, unread } from "./answers.ts";
import { type Clock, realClock } from "./clock.ts";
import type { OpenRoom } from "./open_room.ts";
import { Reading } from "./reading.ts";
import type { Rooms } from "./rooms.ts";
import { Unread } from "./unread.ts";
import type { Hello, Request, RoomEntry } from "./wire.ts";

export interface AttentionConfig {
  rooms: Rooms;
  ask: (request: Request) => Promise<unknown>;
  current: () => OpenRoom;
  clock?: Clock;
}

export class Attention {
  /** How many messages came while the page was not looked at. */
  readonly unseen = signal(0);
  private readonly config: AttentionConfig;
  private readonly reading: Reading;
  private readonly unread: Unread;
  private sight: { room: string; number: number } | null = null; // the newest message on the screen, at the end of its room

  constructor(config: AttentionConfig) {
    this.config = config;
    const { rooms, ask, clock = realClock } = config;
    this.reading = new Reading({
      clock,
      soon: (room, read) => rooms.owned(new Map([[room, { read, unread: 0, mentions: 0 }]])),
      tell: async (room, number) => rooms.owned(new Map([[room, marked(await ask({ do: "read", room, number }))]])),
    });
    this.unread = new Unread({ clock, ask: async (ids) => rooms.counted(unread(await ask({ do: "unread", rooms: ids }))) });
  }

  /** Listens to whether the page is looked at. */
  start(): void {
    document.addEventListener("visibilitychange", () => !document.hidden && this.back());
    addEventListener("focus", () => this.back());
  }

  private back(): void {
    this.unseen.value = 0;
    this.consider();
  }

  /** All counts were told anew. */
  told(hello: Hello): void {
    this.unread.reset();
    for (const room of hello.me?.rooms ?? []) if (room.own) this.reading.heard(room.id, room.own.read);
    const current = this.config.current();
    if (!this.reading.knows(current.id)) this.begin(current); // the page itself does not say how far I have read
    this.consider();
  }

  /** What is my own about a room was told. */
  heard({ id, own }: RoomEntry): void {
    if (!own) return;
    this.reading.heard(id, own.read);
    if (id === this.config.current().id && !this.reading.knows(id)) this.reading.enter(id, own.read); // I have just become a member
    this.consider();
  }

  /** A room that is not open here has a new head. */
  head(room: string): void {
    this.unread.note(room);
  }

  /** I come to a room: the "New" line stands where I had read to. */
  enter(room: OpenRoom): void {
    this.sight = null;
    this.unseen.value = 0;
    this.begin(room);
  }

  private begin(room: OpenRoom): void {
    const own = this.config.rooms.mine.peek().rooms.find((r) => r.id === room.id)?.own;
    room.line.value = own && own.unread > 0 ? { after: own.read, count: own.unread } : null;
    if (own) this.reading.enter(room.id, own.read);
  }

  /** Somebody else said something in the room that is open. */
  fresh(room: OpenRoom, number: number): void {
    const away = document.hidden || !document.hasFocus();
    if (away && this.unseen.peek() === 0) room.line.value = { after: number - 1, count: 0 };
    if (away) this.unseen.value++;
    if (document.hidden || room.reading !== undefined || this.reading.holds(room.id)) this.unread.note(room.id);
  }

  /** The screen shows the end of a room, with its newest message; or with 0 it does not. */
  look(room: string, number: number): void {
    this.sight = number > 0 ? { room, number } : null;
    this.consider();
  }

  private consider(): void {
    if (!this.sight || document.hidden) return;
    this.reading.seen(this.sight.room, this.sight.number);
  }

  /** Takes a room to be unread from a message on. */
  async unreadFrom(room: OpenRoom, number: number): Promise<void> {
    await this.reading.unreadFrom(room.id, number);
    room.line.value = { after: number - 1, count: 0 };
  }
}
