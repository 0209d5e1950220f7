// A room as the client holds it: a fold of changes at a position, over a window of its messages.
//
// The window runs from `low` to `high`: of every number in it the room knows whether there is a message, and which. Changes
// outside of the window only move the head, so that reading in old messages costs nothing and misses nothing.

import type { Change, Message, Opened, Page, Position, RoomInfo } from "./wire.ts";

/** How many messages the window keeps when it is trimmed. */
export const WINDOW = 400;

/** What views show of a room; a new object whenever something changed. */
export interface RoomView {
  id: string;
  info: RoomInfo;
  /** Whether I am a member. */
  member: boolean;
  version: number;
  /** The number of the room's newest message, in the window or not; 0 when there never was one. */
  newest: number;
  /** Ascending by number, without deleted ones. An unchanged message is the same object as before. */
  messages: readonly Message[];
  /** There are messages before the window. */
  earlier: boolean;
  /** There are messages after the window. */
  later: boolean;
}

export class Room {
  readonly id: string;
  private readonly me: string;
  private epoch = "";
  private version = 0;
  private number = 0;
  private low = 1;
  private high = 0;
  private info: RoomInfo = { name: "", kind: "public", topic: "", members: 0 };
  private infoVersion = 0;
  private membersVersion = 0;
  private member = false;
  private memberVersion = 0;
  private readonly held = new Map<number, Message>(); // in the window, tombstones too
  private covered: { low: number; high: number; version: number }[] = []; // what snapshot and pages told about
  private strays: Map<number, Message> | null = null; // changes outside of the window while a page is asked for
  private asking = 0;
  private generation = 0;
  private shown: RoomView | null = null;

  /** me is the id of the reader; `newest` says that the snapshot's messages are the room's newest. */
  constructor(snapshot: Opened, me: string, newest = true) {
    this.id = snapshot.room;
    this.me = me;
    this.reset(snapshot, newest);
  }

  /** Where this reader stands. */
  get position(): Position {
    return { epoch: this.epoch, version: this.version };
  }

  get view(): RoomView {
    this.shown ??= {
      id: this.id,
      info: this.info,
      member: this.member,
      version: this.version,
      newest: this.number,
      messages: [...this.held.values()].filter((m) => !m.deleted).toSorted((a, b) => a.number - b.number),
      earlier: this.low > 1,
      later: this.high < this.number,
    };
    return this.shown;
  }

  /** Forgets everything and takes the snapshot. */
  reset(snapshot: Opened, newest = true): void {
    this.epoch = snapshot.epoch;
    this.version = snapshot.version;
    this.number = snapshot.number;
    this.info = snapshot.info ?? this.info;
    this.infoVersion = snapshot.version;
    this.membersVersion = snapshot.version;
    this.member = snapshot.member;
    this.memberVersion = snapshot.version;
    this.held.clear();
    for (const m of snapshot.messages) this.held.set(m.number, m);
    const first = snapshot.messages[0];
    const last = snapshot.messages.at(-1);
    this.low = snapshot.more && first ? first.number : 1;
    this.high = newest || !last ? snapshot.number : last.number;
    this.covered = [{ low: this.low, high: this.high, version: snapshot.version }];
    this.strays = null;
    this.asking = 0;
    this.generation++;
    this.shown = null;
  }

  /** Takes the answer to `open`, a resume or a reset. */
  take(answer: Opened, newest = true): void {
    if (answer.reset) {
      this.reset(answer, newest);
      return;
    }
    for (const change of answer.changes) this.apply(change);
    this.version = Math.max(this.version, answer.version);
    this.reach(answer.number);
    this.shown = null;
  }

  /** Applies one change. Twice, late or out of order does no harm. Gives whether it brought a message that is new. */
  apply(change: Change): boolean {
    const fresh = change.message !== undefined && !change.message.deleted && change.message.number > this.number;
    if (change.message) this.put(change.message);
    if (change.info && change.version > this.infoVersion) {
      const newer = change.version > this.membersVersion;
      this.info = newer ? change.info : { ...change.info, members: this.info.members };
      this.infoVersion = change.version;
      if (newer) this.membersVersion = change.version;
    }
    if (change.members !== undefined && change.version > this.membersVersion) {
      this.info = { ...this.info, members: change.members };
      this.membersVersion = change.version;
    }
    if (change.member?.user === this.me && change.version > this.memberVersion) {
      this.member = change.member.joined;
      this.memberVersion = change.version;
    }
    this.version = Math.max(this.version, change.version);
    this.shown = null;
    return fresh;
  }

  /** Says that a page is about to be asked for; what it gives belongs to `addPage`. */
  ask(): number {
    this.asking++;
    this.strays ??= new Map();
    return this.generation;
  }

  /**
   * Takes a page of `history` that was asked for at `edge`: the messages before it or after it. Gives false, and changes
   * nothing, when the window has moved since.
   */
  addPage(asked: number, side: "before" | "after", edge: number, page: Page | null): boolean {
    if (asked !== this.generation) return false;
    const fits = page !== null && edge === (side === "before" ? this.low : this.high);
    if (fits) {
      for (const m of page.messages) this.keepNewer(m);
      const { low, high } = this;
      if (side === "before") this.low = page.more ? (page.messages[0]?.number ?? 1) : 1;
      else this.extendTo(page);
      const told = side === "before" ? { low: this.low, high: low - 1 } : { low: high + 1, high: page.messages.at(-1)?.number ?? high };
      this.covered.push({ ...told, version: page.version });
      for (const m of this.strays?.values() ?? []) if (this.inside(m.number)) this.keepNewer(m);
      this.shown = null;
    }
    if (--this.asking === 0) this.strays = null;
    return fits;
  }

  /** Where the next page begins. */
  edge(side: "before" | "after"): number {
    return side === "before" ? this.low : this.high;
  }

  /** Keeps at most so many messages, dropping those farthest from the number given. Gives whether it dropped any. */
  trim(near: number, most: number = WINDOW): boolean {
    const messages = this.view.messages;
    let from = 0;
    let to = messages.length;
    while (to - from > most) {
      const first = messages[from];
      const last = messages[to - 1];
      if (!first || !last) break;
      if (near - first.number > last.number - near) from++;
      else to--;
    }
    const first = messages[from];
    const last = messages[to - 1];
    if (!first || !last || to - from === messages.length) return false;
    if (from > 0) this.low = first.number;
    if (to < messages.length) this.high = last.number;
    for (const number of this.held.keys()) if (!this.inside(number)) this.held.delete(number);
    this.covered = this.covered
      .map((c) => ({ low: Math.max(c.low, this.low), high: Math.min(c.high, this.high), version: c.version }))
      .filter((c) => c.low <= c.high);
    this.shown = null;
    return true;
  }

  private inside(number: number): boolean {
    return number >= this.low && number <= this.high;
  }

  private extendTo(page: Page): void {
    const last = page.messages.at(-1)?.number ?? this.high;
    if (page.more) {
      this.high = last;
      return;
    }
    // The page reaches the head of its version; what came after that is among the strays, and counted in number.
    this.number = Math.max(this.number, last);
    this.high = this.number;
  }

  /** The room has so many messages; a window that held the newest holds all of them. */
  private reach(number: number): void {
    if (number <= this.number) return;
    if (this.high >= this.number) this.high = number;
    this.number = number;
  }

  private put(m: Message): void {
    this.reach(m.number);
    if (this.inside(m.number)) this.keepNewer(m);
    else if (this.strays && m.version > (this.strays.get(m.number)?.version ?? 0)) this.strays.set(m.number, m);
  }

  private keepNewer(m: Message): void {
    const before = this.held.get(m.number);
    if (before ? before.version >= m.version : this.leftOut(m)) return;
    this.held.set(m.number, m);
  }

  /** Whether a snapshot or page that is newer than this state of a message went without it: it was deleted by then. */
  private leftOut(m: Message): boolean {
    return this.covered.some((c) => m.number >= c.low && m.number <= c.high && m.version <= c.version);
  }
}
