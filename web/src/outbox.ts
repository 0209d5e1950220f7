// The outbox holds what has been written and not yet acknowledged. Every entry has a key, and is posted with that key on every
// connection until there is an answer; the server makes one message of it however often it comes. Entries are kept on the
// device, so a reload loses none. The tab that wrote an entry sends it; when that tab is gone, another one takes it over.
// Each room is a queue: entries go out one at a time and in order, past those that can never be sent.

import { Lost, type Clock, Refused } from "./conn.ts";
import type { Keep } from "./keep.ts";
import { makeKey } from "./key.ts";
import type { Tabs } from "./tabs.ts";

/** Why an entry has not been sent. One that may be retried is retried by itself too. */
export interface Trouble {
  code: string;
  message: string;
  retry: boolean;
}

export interface Entry {
  readonly key: string;
  readonly room: string;
  readonly text: string;
  /** When it was written, unix milliseconds. */
  readonly at: number;
  /** The tab that sends it. */
  readonly owner: string;
  /** The epoch of the database it was written for. */
  readonly epoch: string;
  readonly trouble?: Trouble;
  /** The message's number: it is acknowledged, and stays listed until the message itself arrives. */
  readonly number?: number;
}

export interface OutboxConfig {
  keep: Keep;
  tabs: Tabs;
  /** The id of the user who writes. */
  user: string;
  epoch: string;
  /** Posts an entry. Fails with Refused or Lost. */
  send: (entry: Entry) => Promise<{ number: number; version: number }>;
  changed: () => void;
  clock: Clock;
  now?: () => number;
  random?: () => number;
}

/** Milliseconds until an unanswered entry is shown as not sent. */
export const OVERDUE = 5_000;
const MOST_WAIT = 30_000;
const PERMANENT = new Set(["forbidden", "not_found", "invalid", "too_long", "key_reused", "missing", "conflict"]);

export class Outbox {
  private readonly config: OutboxConfig;
  private readonly prefix: string;
  private readonly entries = new Map<string, Entry>();
  private readonly sending = new Set<string>(); // rooms with an entry on its way
  private readonly pauses = new Map<string, unknown>(); // timers of rooms that wait before the next try
  private readonly overdue = new Map<string, unknown>(); // timers by key
  private readonly watched = new Set<string>(); // tabs whose end is waited for
  private failures = 0;
  private online = false;
  private shown: readonly Entry[] | null = null;

  constructor(config: OutboxConfig) {
    this.config = config;
    this.prefix = `parley/${config.user}/outbox/`;
    for (const at of config.keep.keys(this.prefix)) this.read(at, config.keep.get(at), "now");
    config.keep.watch((at, value) => {
      if (!at.startsWith(this.prefix)) return;
      this.read(at, value, "never");
      this.publish();
      this.pumpAll();
    });
  }

  /** All entries, in the order they were written. A new list whenever something changed. */
  list(): readonly Entry[] {
    this.shown ??= [...this.entries.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return this.shown;
  }

  /** Takes a text to be sent to a room. */
  add(room: string, text: string): Entry {
    const { tabs, epoch } = this.config;
    const now = (this.config.now ?? Date.now)();
    const entry: Entry = { key: makeKey(now), room, text, at: now, owner: tabs.id, epoch };
    this.store(entry);
    this.pump(room);
    this.publish();
    return entry;
  }

  /** Tries an entry again now, with the same key. */
  retry(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.store({ ...without(entry), epoch: this.config.epoch });
    this.resume(entry.room);
    this.publish();
  }

  /** Forgets an entry and gives it back. It may have been sent all the same, if its answer was lost. */
  discard(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.forget(key);
    this.resume(entry.room);
    this.publish();
    return entry;
  }

  /** The message of this key has arrived. */
  seen(key: string): void {
    if (!this.entries.has(key)) return;
    this.forget(key);
    this.publish();
  }

  /** The connection is there: everything is posted again. */
  connected(): void {
    this.online = true;
    this.failures = 0;
    this.sending.clear();
    this.pumpAll();
  }

  /** The connection is lost. */
  disconnected(): void {
    this.online = false;
  }

  /** Forgets acknowledged entries of a room that is about to be read afresh. */
  settle(room: string): void {
    for (const entry of this.list()) if (entry.room === room && entry.number !== undefined) this.forget(entry.key);
    this.publish();
  }

  private pumpAll(): void {
    for (const room of new Set(this.list().map((e) => e.room))) this.pump(room);
  }

  private resume(room: string): void {
    this.config.clock.clear(this.pauses.get(room));
    this.pauses.delete(room);
    this.pump(room);
  }

  /** Sends the first entry of the room that can be sent, if none is on its way. */
  private pump(room: string): void {
    for (const entry of this.list()) if (entry.room === room && this.mine(entry)) this.watchOverdue(entry);
    if (!this.online || this.sending.has(room) || this.pauses.has(room)) return;
    const next = this.list().find((e) => e.room === room && this.mine(e));
    if (next) void this.post(next);
  }

  /** Whether this tab is to send the entry. */
  private mine(entry: Entry): boolean {
    return entry.owner === this.config.tabs.id && entry.number === undefined && entry.trouble?.retry !== false && entry.epoch === this.config.epoch;
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
      this.failures = 0;
      this.acknowledged(key, outcome.number);
    }
    this.publish();
    this.pump(room);
  }

  private acknowledged(key: string, number: number): void {
    this.stopOverdue(key);
    this.config.keep.remove(this.prefix + key);
    const held = this.entries.get(key);
    if (held) this.entries.set(key, { ...without(held), number });
  }

  private refused(key: string, room: string, error: unknown): void {
    const held = this.entries.get(key);
    if (!held) return;
    this.stopOverdue(key);
    const refusal = error instanceof Refused ? error.refusal : { code: "internal", message: "Something went wrong." };
    const trouble = { code: refusal.code, message: refusal.message, retry: !PERMANENT.has(refusal.code) };
    if (!trouble.retry) {
      this.store({ ...held, trouble });
      return;
    }
    this.entries.set(key, { ...held, trouble });
    const { clock, random = Math.random } = this.config;
    const growing = Math.min(MOST_WAIT, 2_000 * 2 ** this.failures++);
    const wait = refusal.code === "rate_limited" ? (refusal.retryAfter ?? 5) * 1000 : growing * (0.5 + random() / 2);
    this.pauses.set(
      room,
      clock.set(() => this.resume(room), wait),
    );
  }

  private watchOverdue(entry: Entry): void {
    if (this.overdue.has(entry.key) || entry.trouble) return;
    const timer = this.config.clock.set(() => {
      const held = this.entries.get(entry.key);
      if (!held || held.trouble || held.number !== undefined) return;
      this.entries.set(held.key, { ...held, trouble: { code: "network", message: "There is no connection.", retry: true } });
      this.publish();
    }, OVERDUE);
    this.overdue.set(entry.key, timer);
  }

  private stopOverdue(key: string): void {
    this.config.clock.clear(this.overdue.get(key));
    this.overdue.delete(key);
  }

  private store(entry: Entry): void {
    this.stopOverdue(entry.key);
    this.entries.set(entry.key, entry);
    this.shown = null;
    this.config.keep.set(this.prefix + entry.key, JSON.stringify(entry));
  }

  private forget(key: string): void {
    this.stopOverdue(key);
    this.entries.delete(key);
    this.shown = null;
    this.config.keep.remove(this.prefix + key);
  }

  /** Takes what is kept at a key, from before this tab or from another tab. */
  private read(at: string, value: string | null, otherwise: "now" | "never"): void {
    const key = at.slice(this.prefix.length);
    this.shown = null;
    const entry = value === null ? null : parse(value);
    if (!entry || entry.key !== key) {
      this.stopOverdue(key);
      this.entries.delete(key);
      return;
    }
    this.entries.set(key, this.aged(entry));
    const { tabs } = this.config;
    if (entry.owner === tabs.id || this.watched.has(entry.owner)) return;
    this.watched.add(entry.owner);
    tabs.whenGone(entry.owner, () => this.adopt(entry.owner), otherwise);
  }

  /** An entry written for another database is not sent unless its author says so. */
  private aged(entry: Entry): Entry {
    if (entry.epoch === this.config.epoch || entry.trouble) return entry;
    return { ...entry, trouble: { code: "epoch", message: "It was written before the server was set up anew.", retry: true } };
  }

  private adopt(owner: string): void {
    this.watched.delete(owner);
    for (const at of this.config.keep.keys(this.prefix)) {
      const entry = parse(this.config.keep.get(at) ?? "");
      if (entry?.owner === owner) this.store(this.aged({ ...entry, owner: this.config.tabs.id }));
    }
    this.publish();
    this.pumpAll();
  }

  private publish(): void {
    this.shown = null;
    this.config.changed();
  }
}

function without(entry: Entry): Entry {
  const { trouble: _, ...rest } = entry;
  return rest;
}

function parse(value: string): Entry | null {
  try {
    const entry = JSON.parse(value) as Partial<Record<keyof Entry, unknown>>;
    const strings = [entry.key, entry.room, entry.text, entry.owner, entry.epoch];
    if (strings.some((field) => typeof field !== "string") || typeof entry.at !== "number") return null;
    return entry as Entry;
  } catch {
    return null;
  }
}
