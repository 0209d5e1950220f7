// The outbox holds what has been written and not yet acknowledged. Every entry has a key, and is posted with that key on every
// connection until there is an answer; the server makes one message of it however often it comes. Entries are kept on the
// device, per person, so a closed tab loses none, and all tabs of the person share them. The tab whose turn it is sends them; what
// could not be put on the device yet is sent by its own tab.
//
// Each room is a queue: entries go out one at a time and in order. A trouble that passes stops the room's queue, which is tried
// again by itself; what can never be sent is set aside, and the rest goes on.

import { Lost, type Clock, Refused } from "./conn.ts";
import type { Keep } from "./keep.ts";
import { makeKey } from "./key.ts";
import type { Turn } from "./turn.ts";
import type { Held, Posted } from "./wire.ts";

/** Why an entry has not been sent. One that passes is retried by itself too, but for that of another epoch; the other is for good. */
export interface Trouble {
  code: string;
  message: string;
  retry: boolean;
}

export interface Entry {
  readonly key: string;
  readonly room: string;
  /** The room's name when it was written, for when there is no such room any more. */
  readonly name?: string;
  readonly text: string;
  /** When it was written, unix milliseconds. */
  readonly at: number;
  /** The epoch of the database it was written for. */
  readonly epoch: string;
  readonly trouble?: Trouble;
  /** It waits for a moderator's approval, over there; the id of what is held. */
  readonly held?: string;
  /** It is acknowledged, and stays listed until the message itself arrives. */
  readonly sent?: boolean;
  /** The message's number, once it is known. */
  readonly number?: number;
}

export interface OutboxConfig {
  keep: Keep;
  /** Whether this tab is the one that sends. */
  turn: Turn;
  epoch: string;
  /** Posts an entry. Fails with Refused or Lost. */
  send: (entry: Entry) => Promise<Posted>;
  /** Whether the messages of a room arrive in this tab. */
  follows: (room: string) => boolean;
  changed: () => void;
  clock: Clock;
  now?: () => number;
  random?: () => number;
}

/** Milliseconds until an unanswered entry is shown as not sent. */
export const OVERDUE = 5_000;
/** Milliseconds: the first wait after a trouble that passes, doubled every time, and the longest. */
const FIRST_WAIT = 2_000;
const MOST_WAIT = 30_000;
/** The refusals that pass. All others are for good, those that are not known yet too: nobody is to wait for ever. */
const PASSING = new Set(["unavailable", "internal", "rate_limited", "unauthenticated"]);
const EPOCH = "epoch"; // it was written for another database
const PREFIX = "outbox/";

/** Whether an entry waits for its author, and not for the server. */
export function setAside({ trouble }: Entry): boolean {
  return trouble !== undefined && (!trouble.retry || trouble.code === EPOCH);
}

export class Outbox {
  private readonly config: OutboxConfig;
  private readonly entries = new Map<string, Entry>();
  private readonly sending = new Set<string>(); // rooms with an entry on its way
  private readonly pauses = new Map<string, { timer: unknown; told: boolean; until: number }>(); // rooms that wait before the next try, some without a word
  private readonly failures = new Map<string, number>(); // how often in a row, by room
  private readonly overdue = new Map<string, unknown>(); // timers by key
  private readonly urged = new Set<string>(); // keys for which this tab took the turn
  private online = false;
  private shown: readonly Entry[] | null = null;

  constructor(config: OutboxConfig) {
    this.config = config;
    const { keep, turn } = config;
    for (const at of keep.keys(PREFIX)) this.read(at, keep.get(at));
    keep.watch((at, value) => {
      if (!at.startsWith(PREFIX)) return;
      this.read(at, value);
      this.publish();
      this.pumpAll();
    });
    turn.watch(() => this.pumpAll());
  }

  /** All entries, in the order they were written. A new list whenever something changed. */
  list(): readonly Entry[] {
    this.shown ??= [...this.entries.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return this.shown;
  }

  /** Takes a text to be sent to a room. */
  add(room: string, text: string, name?: string): Entry {
    const now = (this.config.now ?? Date.now)();
    const entry: Entry = { key: makeKey(now), room, ...(name !== undefined && { name }), text, at: now, epoch: this.config.epoch };
    this.store(entry);
    this.config.turn.seize();
    this.pump(room);
    this.publish();
    return entry;
  }

  /** Tries an entry again now, with the same key. What is set aside for good stays there. */
  retry(key: string): void {
    const entry = this.entries.get(key);
    if (!entry || entry.sent || entry.held || entry.trouble?.retry === false) return;
    if (setAside(entry)) this.store({ ...without(entry), epoch: this.config.epoch });
    else this.entries.set(key, without(entry));
    this.stopOverdue(key);
    this.config.turn.seize();
    this.resume(entry.room);
    this.publish();
  }

  /** Forgets an entry and gives it back. It may have been sent all the same, if its answer was lost. */
  discard(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.forget(key);
    if (!setAside(entry)) this.resume(entry.room); // it held up the others
    this.publish();
    return entry;
  }

  /** The message of this key has arrived. */
  seen(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.forget(key);
    this.publish();
    this.pump(entry.room);
  }

  /** The connection is there: everything is posted again. */
  connected(): void {
    this.online = true;
    this.failures.clear();
    this.sending.clear();
    for (const { timer } of this.pauses.values()) this.config.clock.clear(timer);
    this.pauses.clear();
    this.config.turn.want(true);
    this.pumpAll();
  }

  /** The connection is lost. Another tab may have one. */
  disconnected(): void {
    this.online = false;
    this.config.turn.want(false);
  }

  /** Forgets acknowledged entries of a room that is about to be read afresh. */
  settle(room: string): void {
    for (const entry of this.list()) if (entry.room === room && entry.sent) this.forget(entry.key);
    this.publish();
  }

  /** What waits for approval, or waits no more: it is a message now, or was refused. */
  decided({ key, gone, number }: Held): void {
    const entry = this.entries.get(key);
    if (!entry?.held || !gone) return;
    if (number === undefined) this.refuse(entry, "The moderators did not let it through.");
    else this.acknowledged(key, number);
    this.publish();
  }

  /** All of mine that wait for approval. Of any other it is not known what was decided; its message, if it is one, is still to come. */
  waiting(all: readonly Held[]): void {
    const keys = new Set(all.map(({ key }) => key));
    const others = this.list().filter((e) => e.held && !e.trouble && !keys.has(e.key));
    for (const entry of others) this.refuse(entry, "The moderators have decided about it meanwhile.");
    if (others.length > 0) this.publish();
  }

  private refuse(entry: Entry, message: string): void {
    this.store({ ...entry, trouble: { code: "declined", message, retry: false } });
  }

  /** Whether something would be lost if this tab were closed now. */
  atRisk(): boolean {
    return this.list().some((e) => !e.sent && !e.held && this.config.keep.place(PREFIX + e.key) === "memory");
  }

  /** Until when a room waits before the next try, unix milliseconds; 0 when it does not. */
  pausedUntil(room: string): number {
    return this.pauses.get(room)?.until ?? 0;
  }

  // Sending.

  private pumpAll(): void {
    for (const room of new Set(this.list().map((e) => e.room))) this.pump(room);
  }

  private resume(room: string): void {
    const pause = this.pauses.get(room);
    if (pause) this.config.clock.clear(pause.timer);
    this.pauses.delete(room);
    this.pump(room);
  }

  /** Sends the first entry of the room that can ever be sent, if it is this tab's turn and none is on its way. */
  private pump(room: string): void {
    const waiting = this.list().filter((e) => e.room === room && !e.sent && !e.held && !setAside(e));
    for (const entry of waiting) this.watchOverdue(entry);
    const [next] = waiting;
    if (!next || !this.online || this.sending.has(room) || this.pauses.has(room)) return;
    if (this.config.turn.held || this.config.keep.place(PREFIX + next.key) !== "device") void this.post(next);
  }

  private async post(entry: Entry): Promise<void> {
    const { key, room } = entry;
    this.sending.add(room);
    const outcome = await this.config.send(entry).catch((error: unknown) => ({ error }));
    this.sending.delete(room);
    if ("error" in outcome) {
      if (outcome.error instanceof Lost) return; // it is posted again when the connection is back
      this.refused(key, room, outcome.error);
    } else {
      this.failures.delete(room);
      if ("held" in outcome) this.waits(key, outcome.held);
      else this.acknowledged(key, outcome.number);
    }
    this.publish();
    this.pump(room);
  }

  /** It is stored over there. Where its message arrives here it stays listed until then. */
  private acknowledged(key: string, number?: number): void {
    const held = this.entries.get(key);
    this.forget(key);
    if (!held || !this.config.follows(held.room)) return;
    this.entries.set(key, { ...without(held), sent: true, ...(number !== undefined && { number }) });
  }

  /** It is no message yet: it is listed until it is one, or its author has seen enough of it. */
  private waits(key: string, held: string): void {
    const entry = this.entries.get(key);
    if (entry) this.store({ ...without(entry), held });
  }

  private refused(key: string, room: string, error: unknown): void {
    const held = this.entries.get(key);
    if (!held) return;
    this.stopOverdue(key);
    const refusal = error instanceof Refused ? error.refusal : { code: "internal", message: "Something went wrong." };
    const trouble = { code: refusal.code, message: refusal.message, retry: PASSING.has(refusal.code) };
    if (!trouble.retry) {
      this.failures.delete(room);
      this.store({ ...held, trouble });
      return;
    }
    const before = this.failures.get(room) ?? 0;
    this.failures.set(room, before + 1);
    // Who was too quick is told nothing the first time: the wait is all it takes.
    const told = trouble.code !== "rate_limited" || before > 0 || held.trouble !== undefined;
    if (told) this.entries.set(key, { ...held, trouble });
    this.pause(room, told, refusal.retryAfter, before);
  }

  /** Leaves a room alone for as long as the server says, in seconds, or longer every time. */
  private pause(room: string, told: boolean, retryAfter: number | undefined, before: number): void {
    const { clock, random = Math.random } = this.config;
    const growing = Math.min(MOST_WAIT, FIRST_WAIT * 2 ** before) * (0.5 + random() / 2);
    const wait = retryAfter === undefined ? growing : retryAfter * 1000;
    const until = (this.config.now ?? Date.now)() + wait;
    this.pauses.set(room, { timer: clock.set(() => this.resume(room), wait), told, until });
  }

  // Entries that have waited for long.

  private watchOverdue(entry: Entry): void {
    if (this.overdue.has(entry.key) || entry.trouble) return;
    this.overdue.set(
      entry.key,
      this.config.clock.set(() => this.late(entry.key), OVERDUE),
    );
  }

  private late(key: string): void {
    this.overdue.delete(key);
    const held = this.entries.get(key);
    if (!held || held.trouble || held.sent || held.held) return;
    const { turn } = this.config;
    const urge = this.online && !turn.held && !this.urged.has(key); // the tab whose turn it is does not send it: it may be asleep
    if (urge) {
      this.urged.add(key);
      turn.seize();
    }
    if (urge || this.pauses.get(held.room)?.told === false) {
      this.watchOverdue(held);
      return;
    }
    this.entries.set(key, { ...held, trouble: { code: "network", message: "There is no connection.", retry: true } });
    this.publish();
  }

  private stopOverdue(key: string): void {
    this.config.clock.clear(this.overdue.get(key));
    this.overdue.delete(key);
    this.urged.delete(key);
  }

  // What is kept.

  private store(entry: Entry): void {
    this.stopOverdue(entry.key);
    this.entries.set(entry.key, entry);
    this.shown = null;
    this.config.keep.set(PREFIX + entry.key, JSON.stringify(entry));
  }

  private forget(key: string): void {
    this.stopOverdue(key);
    this.entries.delete(key);
    this.shown = null;
    this.config.keep.remove(PREFIX + key);
  }

  /** Takes what is kept at a key, from before this tab or from another tab. */
  private read(at: string, value: string | null): void {
    const key = at.slice(PREFIX.length);
    const held = this.entries.get(key);
    const entry = value === null ? null : parse(value);
    this.shown = null;
    if (held?.sent) {
      if (entry) this.config.keep.remove(at); // it is acknowledged, whatever another tab thinks
    } else if (entry?.key === key) {
      if (entry.trouble) this.stopOverdue(key);
      this.entries.set(key, this.aged(entry));
    } else if (held && !setAside(held)) this.acknowledged(key); // what can still be sent goes only when it is sent
    else {
      this.stopOverdue(key);
      this.entries.delete(key);
    }
  }

  /** An entry written for another database is not sent unless its author says so: its room may be another one there. */
  private aged(entry: Entry): Entry {
    if (entry.epoch === this.config.epoch || entry.trouble) return entry;
    return { ...entry, trouble: { code: EPOCH, message: "It was written before the server was set up anew.", retry: true } };
  }

  private publish(): void {
    this.shown = null;
    this.config.changed();
  }
}

/** An entry as it was written, without what became of it. */
function without(entry: Entry): Entry {
  const { trouble: _, held: __, ...rest } = entry;
  return rest;
}

function parse(value: string): Entry | null {
  try {
    const entry = JSON.parse(value) as Partial<Record<keyof Entry, unknown>>;
    const strings = [entry.key, entry.room, entry.text, entry.epoch];
    if (strings.some((field) => typeof field !== "string") || typeof entry.at !== "number") return null;
    return entry as Entry;
  } catch {
    return null;
  }
}
