// How far I have read. Whoever has the newest message of a room in sight has read it; that is told to the server a moment later, once
// for all that came meanwhile. "Unread from here" holds until the room is entered again, in whichever tab of mine it was said.

import type { Clock } from "./clock.ts";

/** Milliseconds between seeing a message and telling so. */
export const SETTLE = 400;

export interface ReadingConfig {
  clock: Clock;
  /** Tells the server that a room has been read up to a message, and takes the counts that it answers. It may fail. */
  tell: (room: string, number: number) => Promise<void>;
  /** It is about to be told. */
  soon: (room: string, number: number) => void;
}

export class Reading {
  private readonly config: ReadingConfig;
  private readonly marks = new Map<string, number>(); // as far as the server knows, by room
  private readonly told = new Map<string, number>(); // what the server said last by itself
  private readonly held = new Set<string>(); // rooms that are to stay unread
  private wish: { room: string; number: number } | null = null;
  private busy = false; // a mark is on its way, or soon will be

  constructor(config: ReadingConfig) {
    this.config = config;
  }

  /** I come to a room that I have read up to a message. */
  enter(room: string, read: number): void {
    this.held.delete(room);
    this.marks.set(room, read);
  }

  /** Whether it is known how far I have read a room. */
  knows(room: string): boolean {
    return this.marks.has(room);
  }

  /** Whether a room is to stay unread, although it is looked at. */
  holds(room: string): boolean {
    return this.held.has(room);
  }

  /** The newest message of a room is in sight. */
  seen(room: string, number: number): void {
    const mark = this.marks.get(room);
    if (mark === undefined || number <= mark || this.held.has(room)) return;
    if (this.wish?.room === room && this.wish.number >= number) return;
    this.flushOther(room);
    this.wish = { room, number };
    this.config.soon(room, number);
    this.plan();
  }

  /** The server says how far I have read. Who went back did so in another tab: then it stays unread here too. */
  heard(room: string, read: number): void {
    const before = this.told.get(room);
    this.told.set(room, read);
    if (before === undefined || read >= before) return;
    if (this.marks.has(room)) this.hold(room);
  }

  /** Takes a room to have been read up to a message only, until it is entered again. */
  async unreadFrom(room: string, number: number): Promise<void> {
    this.hold(room);
    await this.config.tell(room, number - 1);
  }

  private hold(room: string): void {
    this.held.add(room);
    if (this.wish?.room === room) this.wish = null;
  }

  /** Another room is looked at now: what was seen in the one before is told at once. */
  private flushOther(room: string): void {
    const { wish } = this;
    if (!wish || wish.room === room) return;
    this.wish = null;
    void this.mark(wish.room, wish.number);
  }

  private plan(): void {
    if (this.busy) return;
    this.busy = true;
    this.config.clock.set(() => void this.run(), SETTLE);
  }

  private async run(): Promise<void> {
    const { wish } = this;
    this.wish = null;
    if (wish) await this.mark(wish.room, wish.number);
    this.busy = false;
    if (this.wish) this.plan();
  }

  private async mark(room: string, number: number): Promise<void> {
    try {
      await this.config.tell(room, number);
      this.marks.set(room, Math.max(number, this.marks.get(room) ?? 0));
    } catch {
      // It is told again with the next message that is seen, or when the connection is back.
    }
  }
}
