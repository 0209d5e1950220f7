// The rooms that this page knows of: mine, the public ones, and what the server's settings say about them.

import { batch, computed, signal } from "@preact/signals";
import { follow, named, own, type Roster } from "./roster.ts";
import { segment } from "./titles.ts";
import type { Hello, Own, RoomEntry, Settings } from "./wire.ts";

export class Rooms {
  readonly mine;
  readonly open;
  readonly settings;
  /** The public rooms that I am not in. */
  readonly others = computed(() => {
    const mine = new Set(this.mine.value.rooms.map((r) => r.id));
    return this.open.value.rooms.filter((r) => !mine.has(r.id));
  });

  constructor(hello: Hello) {
    this.mine = signal<Roster>({ version: hello.me?.version ?? 0, rooms: hello.me?.rooms ?? [] });
    this.open = signal<Roster>(hello.server);
    this.settings = signal<Settings>(hello.settings);
  }

  /** Takes all of it anew. */
  told(hello: Hello): void {
    batch(() => {
      this.mine.value = { version: hello.me?.version ?? 0, rooms: hello.me?.rooms ?? [] };
      this.open.value = hello.server;
      this.settings.value = hello.settings;
    });
  }

  /** One of my rooms is new, has changed or is left. */
  changed(version: number, room?: RoomEntry): void {
    this.mine.value = follow(this.mine.peek(), version, room);
  }

  /** A public room is new, has changed or is gone, or the settings are others. */
  listed(version: number, room?: RoomEntry, settings?: Settings): void {
    const news = version > this.open.peek().version;
    this.open.value = follow(this.open.peek(), version, room);
    if (settings && news) this.settings.value = settings;
  }

  /** What is my own about some rooms is this now. */
  counted(news: readonly RoomEntry[]): void {
    batch(() => {
      this.owned(new Map(news.flatMap((room) => (room.own ? [[room.id, room.own]] : []))));
      this.mine.value = named(this.mine.peek(), news);
    });
  }

  owned(news: ReadonlyMap<string, Partial<Own>>): void {
    this.mine.value = own(this.mine.peek(), news);
  }

  /** One of my rooms. A view that reads it is rendered again when it changes. */
  mineOf(id: string): RoomEntry | undefined {
    return this.mine.value.rooms.find((r) => r.id === id);
  }

  /** The room whose addresses begin with this, if it is known. */
  at(begins: string): RoomEntry | undefined {
    return [...this.mine.peek().rooms, ...this.open.peek().rooms].find((r) => segment(r) === begins);
  }
}
