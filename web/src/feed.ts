// The feed: what comes from the rooms that a tab follows, without a socket. All tabs of a browser read by one connection, because a
// browser has six to a server: the tab that holds a lock leads. It reads for all (lead.ts) and tells the others by a channel. When
// it is gone another one takes over. Every tab knows the version it has of each room, so it takes nothing twice and notices a gap.
//
// Lock and channel are named by user and database, and the server refuses who is not that user: nobody hears what is another's.

import type { API } from "./api.ts";
import type { Clock } from "./clock.ts";
import { type Exchange, openExchange } from "./exchange.ts";
import { makeKey } from "./key.ts";
import { Lead } from "./lead.ts";
import { type OpenSource, poll, stream } from "./source.ts";

/** A frame as it goes to the tabs. A change and a reset name their room and version, a value its room. */
export interface Item {
  data: string;
  room?: string;
  version?: number;
  /** The version that the change comes after; absent where it stands for itself. */
  after?: number;
}

/** What tabs say to each other. */
export type Said =
  | { is: "lead"; polling: boolean } // I lead: tell me what you follow
  | { is: "wish"; tab: string; rooms: [string, number][] } // what I follow, whole
  | { is: "bye"; tab: string }
  | { is: "item"; item: Item }
  | { is: "pulse"; polling: boolean } // the source lives
  | { is: "down"; code: number }; // the server is not there, or not for us

/** How this browser reads best, as far as it is known. */
export interface Manner {
  /** Something on the way holds streams back. */
  polling: boolean;
}

export interface FeedConfig {
  /** Of the lock and the channel. */
  name: string;
  exchange: (name: string, heard: (said: Said) => void) => Exchange | null;
  stream: OpenSource;
  poll: OpenSource;
  /** Polls that hold no connection, for tabs that cannot share one. */
  glance: OpenSource;
  manner: Manner;
  clock: Clock;
  frame: (data: string) => void;
  /** The feed has ended, with a close code of the socket's. */
  down: (code: number) => void;
}

/** Milliseconds without a word of the leader until it is taken to be stuck. */
const DEAF = 60_000;
/** Milliseconds between two polls of a tab that reads by itself. */
const EVERY = 1_000;

export class Feed {
  private readonly config: FeedConfig;
  private readonly tab = makeKey();
  private readonly rooms = new Map<string, number>(); // what this tab follows, and the version that it has
  private readonly missing = new Set<string>(); // rooms of which something is asked for again
  private readonly exchange: Exchange | null;
  private lead: Lead | null = null;
  private known = false; // the others can tell when this tab is gone
  private locks: (() => void)[] = [];
  private withdraw: (() => void) | undefined; // from leading
  private deaf: unknown;
  private closed = false;

  constructor(config: FeedConfig) {
    this.config = config;
    this.exchange = config.exchange(config.name, (said) => this.hear(said));
    if (!this.exchange) {
      this.takeLead();
      return;
    }
    this.locks.push(this.exchange.lock(this.lockOf(this.tab), () => this.announce((this.known = true))));
    this.stand();
  }

  /** Follows a room from a version on, that the tab has. */
  follow(room: string, version: number): void {
    this.rooms.set(room, version);
    this.missing.delete(room);
    this.announce();
  }

  leave(room: string): void {
    if (this.rooms.delete(room)) this.announce();
  }

  /** Finds out whether anything was missed while the tab was asleep. */
  check(): void {
    this.announce();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.config.clock.clear(this.deaf);
    this.exchange?.say({ is: "bye", tab: this.tab } satisfies Said);
    this.lead?.close();
    this.lead = null;
    this.withdraw?.();
    for (const release of this.locks) release();
    this.exchange?.close();
  }

  private lockOf(tab: string): string {
    return `${this.config.name}/${tab}`;
  }

  /** Stands for the lead, or with "steal" takes it. */
  private stand(steal?: "steal"): void {
    const again = () => {
      this.lead?.close();
      this.lead = null;
      if (this.closed) return;
      this.stand();
      this.announce();
    };
    this.withdraw = this.exchange?.lock(this.config.name, () => this.takeLead(), again, steal);
  }

  private takeLead(): void {
    if (this.closed) return;
    const { clock, stream: open, poll: polls, glance, manner } = this.config;
    this.config.clock.clear(this.deaf);
    this.lead = new Lead({
      stream: this.exchange ? open : glance,
      poll: this.exchange ? polls : glance,
      manner,
      clock,
      item: (item) => {
        this.exchange?.say({ is: "item", item } satisfies Said);
        this.take(item);
      },
      pulse: () => this.exchange?.say({ is: "pulse", polling: manner.polling } satisfies Said),
      down: (code) => {
        this.exchange?.say({ is: "down", code } satisfies Said);
        this.fail(code);
      },
      whenGone: (tab, gone) => this.watch(tab, gone),
    });
    this.exchange?.say({ is: "lead", polling: manner.polling } satisfies Said);
    this.announce();
  }

  /** Calls back when another tab is gone. */
  private watch(tab: string, gone: () => void): void {
    if (!this.exchange || tab === this.tab) return;
    const release = this.exchange.lock(this.lockOf(tab), () => {
      queueMicrotask(() => release());
      gone();
    });
    this.locks.push(release);
  }

  /** Tells the leader what this tab follows and has. */
  private announce(ready = this.known): void {
    if (this.closed) return;
    const rooms = [...this.rooms];
    if (this.lead) this.lead.wish(this.tab, rooms);
    else if (ready) this.exchange?.say({ is: "wish", tab: this.tab, rooms } satisfies Said);
    this.listen();
  }

  private hear(said: Said): void {
    if (this.closed) return;
    switch (said.is) {
      case "wish":
        this.lead?.wish(said.tab, said.rooms);
        return;
      case "bye":
        this.lead?.forget(said.tab);
        return;
      case "item":
        this.take(said.item);
        break;
      case "down":
        this.fail(said.code);
        return;
      case "lead":
        this.announce();
        break;
      default:
    }
    if (said.is !== "item") this.config.manner.polling = said.polling;
    this.listen();
  }

  /** Takes a frame, unless the tab has it or does not follow its room. */
  private take({ data, room, version, after }: Item): void {
    if (this.closed) return;
    if (room !== undefined) {
      const at = this.rooms.get(room);
      if (at === undefined || (version !== undefined && version <= at)) return;
      if (after !== undefined && after > at) {
        if (!this.missing.has(room)) this.announce();
        this.missing.add(room);
        return;
      }
      this.missing.delete(room);
      if (version !== undefined) this.rooms.set(room, version);
    }
    this.config.frame(data);
  }

  /** Waits for a word of the leader. */
  private listen(): void {
    const { clock } = this.config;
    clock.clear(this.deaf);
    if (this.lead || this.closed || this.rooms.size === 0) return;
    this.deaf = clock.set(() => {
      this.withdraw?.();
      this.stand("steal");
    }, DEAF);
  }

  private fail(code: number): void {
    if (this.closed) return;
    this.close();
    this.config.down(code);
  }
}

/** The feed of a user in this browser. */
export function openFeed(api: API, manner: Manner, clock: Clock, frame: (data: string) => void, down: (code: number) => void): Feed {
  return new Feed({
    name: `parley/feed/${api.epoch}/${api.user}`,
    exchange: (name, heard) => openExchange(name, (said) => heard(said as Said)),
    stream: stream(api),
    poll: poll(api, clock),
    glance: poll(api, clock, EVERY),
    manner,
    clock,
    frame,
    down,
  });
}
