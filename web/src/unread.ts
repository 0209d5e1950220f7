// How rooms that are not open here come to their counts: their heads say that something has changed, and then the counts are asked
// for, of many rooms at once and at most once a second.

import type { Clock } from "./clock.ts";

/** Milliseconds: how long more heads are waited for, and between two questions. */
const GATHER = 50;
const PAUSE = 1_000;
/** Milliseconds until a question that failed is asked again. */
const LATER = 5_000;
/** How many rooms are asked about at once. */
const MOST = 100;

export interface UnreadConfig {
  clock: Clock;
  /** Asks for the counts of some rooms and takes them. It may fail. */
  ask: (rooms: string[]) => Promise<void>;
}

export class Unread {
  private readonly config: UnreadConfig;
  private readonly changed = new Set<string>();
  private timer: unknown;
  private busy = false; // a question is open, or the pause after it
  private generation = 0; // of what was told whole

  constructor(config: UnreadConfig) {
    this.config = config;
  }

  /** Something has changed in a room. */
  note(room: string): void {
    this.changed.add(room);
    if (!this.busy) this.plan(GATHER);
  }

  /** All counts have just been told. */
  reset(): void {
    this.changed.clear();
    this.config.clock.clear(this.timer);
    this.busy = false;
    this.generation++;
  }

  private plan(ms: number): void {
    this.busy = true;
    this.timer = this.config.clock.set(() => void this.run(), ms);
  }

  private async run(): Promise<void> {
    const rooms = [...this.changed].slice(0, MOST);
    if (rooms.length === 0) {
      this.busy = false;
      return;
    }
    for (const room of rooms) this.changed.delete(room);
    const { generation } = this;
    let pause = PAUSE;
    try {
      await this.config.ask(rooms);
    } catch {
      if (generation !== this.generation) return;
      for (const room of rooms) this.changed.add(room);
      pause = LATER;
    }
    if (generation === this.generation) this.plan(pause);
  }
}
