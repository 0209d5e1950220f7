// The lead: one tab reads for all tabs, from the union of what they follow. It begins with a stream. Where the stream's beginning
// does not come through in time, something on the way holds it back, and it polls from then on.

import type { Clock } from "./clock.ts";
import type { Item, Manner } from "./feed.ts";
import type { OpenSource, Source } from "./source.ts";

export interface LeadConfig {
  stream: OpenSource;
  poll: OpenSource;
  manner: Manner;
  clock: Clock;
  item: (item: Item) => void;
  pulse: () => void;
  down: (code: number) => void;
  whenGone: (tab: string, gone: () => void) => void;
}

/** Milliseconds. */
const GATHER = 20; // for more wishes, before a source is opened for them
const HELLO = 1_500; // for a stream's hello
const ALIVE = 2_500; // from then until the stream says that it is alive, which it does after a second
const SILENCE = 40_000; // without a sign of life; a stream gives one every 15 s, a poll is answered within 25 s

/** How many rooms one source may read, by the server's rule. Of more, the first are read. */
const MOST = 100;

const LOST = 1006;
const CALM_DOWN = 4008;

export class Lead {
  private readonly config: LeadConfig;
  private readonly wishes = new Map<string, [string, number][]>(); // by tab
  private readonly at = new Map<string, number>(); // what is read, and how far
  private readonly behind = new Map<string, number>(); // where the next source begins, for tabs that are behind this one
  private readonly values = new Map<string, Item>(); // the newest of each kind and room
  private source: Source | null = null;
  private attempt = 0; // which source the events belong to
  private polling = false; // instead of a stream; whether that is better is known when an answer comes
  private greeted = false;
  private proven = false; // the source comes through
  private gathering: unknown;
  private timer: unknown; // until the source counts as stuck
  private closed = false;

  constructor(config: LeadConfig) {
    this.config = config;
  }

  /** A tab says what it follows, and the version that it has of each room. */
  wish(tab: string, rooms: [string, number][]): void {
    if (!this.wishes.has(tab)) this.config.whenGone(tab, () => this.forget(tab));
    this.wishes.set(tab, rooms);
    let changed = this.prune();
    for (const [room, version] of rooms) {
      const at = this.at.get(room);
      if (at === undefined) {
        if (this.at.size >= MOST) continue;
        this.at.set(room, version);
        changed = true;
      } else if (version < at) {
        this.behind.set(room, Math.min(version, this.behind.get(room) ?? version)); // gets what came since again, by the next source
        changed = true;
      } else for (const kind of ["typing", "here"]) this.tell(this.values.get(`${kind} ${room}`));
    }
    if (changed) this.gather();
  }

  forget(tab: string): void {
    this.wishes.delete(tab);
    if (!this.closed && this.prune()) this.gather();
  }

  close(): void {
    this.closed = true;
    this.config.clock.clear(this.gathering);
    this.stop();
  }

  /** Lets go of the rooms that nobody follows. Gives whether there were any. */
  private prune(): boolean {
    const wished = new Set([...this.wishes.values()].flatMap((rooms) => rooms.map(([room]) => room)));
    const gone = [...this.at.keys()].filter((room) => !wished.has(room));
    for (const room of gone) {
      this.at.delete(room);
      this.behind.delete(room);
      this.values.delete(`typing ${room}`);
      this.values.delete(`here ${room}`);
    }
    return gone.length > 0;
  }

  private gather(): void {
    const { clock } = this.config;
    clock.clear(this.gathering);
    this.gathering = clock.set(() => this.open(), GATHER);
  }

  private open(): void {
    this.stop();
    if (this.closed || this.at.size === 0) return;
    for (const [room, version] of this.behind) if (this.at.has(room)) this.at.set(room, version);
    this.behind.clear();
    const { manner, stream, poll } = this.config;
    const attempt = ++this.attempt;
    this.polling ||= manner.polling;
    this.greeted = this.proven = false;
    this.expect(this.polling ? SILENCE : HELLO, () => this.lost(0));
    this.source = (this.polling ? poll : stream)(new Map(this.at), {
      frame: (data) => attempt === this.attempt && this.frame(data),
      pulse: () => attempt === this.attempt && this.pulse(),
      down: (status) => attempt === this.attempt && this.lost(status),
    });
  }

  private stop(): void {
    this.attempt++;
    this.config.clock.clear(this.timer);
    this.source?.close();
    this.source = null;
  }

  private expect(ms: number, otherwise: () => void): void {
    this.config.clock.clear(this.timer);
    this.timer = this.config.clock.set(otherwise, ms);
  }

  /** A stream gives its first sign of life a second after its hello; a poll with each answer. */
  private pulse(): void {
    this.proven = true;
    this.config.manner.polling = this.polling;
    this.expect(SILENCE, () => this.lost(0));
    this.config.pulse();
  }

  private frame(data: string): void {
    const item = read(data);
    if (item === null) return;
    if (this.proven) this.expect(SILENCE, () => this.lost(0));
    else if (!this.greeted) this.expect(ALIVE, () => this.lost(0));
    this.greeted = true;
    const { room, version } = item;
    if (room !== undefined) {
      const at = this.at.get(room);
      if (at === undefined) return;
      if (version === undefined) this.values.set(`${item.kind} ${room}`, item);
      else {
        if (item.kind === "change") item.after = at;
        this.at.set(room, Math.max(at, version));
      }
    }
    this.tell(item);
  }

  private tell(item: Item | undefined): void {
    if (item) this.config.item(item);
  }

  /** The source has ended, or is stuck. */
  private lost(status: number): void {
    this.stop();
    if (status === 401 || status === 429) this.config.down(status === 429 ? CALM_DOWN : LOST);
    else if (this.polling) this.config.down(LOST);
    else if (this.proven) this.gather();
    else {
      this.polling = true;
      this.open();
    }
  }
}

/** What a frame is about; null for one that is no object. */
function read(data: string): (Item & { kind: "change" | "reset" | "typing" | "here" | "other" }) | null {
  const frame = JSON.parse(data) as Record<string, unknown> | null;
  if (typeof frame !== "object" || frame === null) return null;
  const reset = frame.reset as { room: string; version: number } | undefined;
  if (reset) return { kind: "reset", data, room: reset.room, version: reset.version };
  if (typeof frame.room !== "string" || frame.head !== undefined) return { kind: "other", data }; // a head is of a room that nobody follows
  if (typeof frame.version === "number") return { kind: "change", data, room: frame.room, version: frame.version };
  return { kind: frame.typing ? "typing" : "here", data, room: frame.room };
}
