import type { Clock } from "../src/clock.ts";

/** A clock that the test moves. */
export class TestClock implements Clock {
  now = 0;
  private timers: { id: number; at: number; run: () => void }[] = [];
  private next = 1;

  set(run: () => void, ms: number): unknown {
    const id = this.next++;
    this.timers.push({ id, at: this.now + ms, run });
    return id;
  }

  clear(timer: unknown): void {
    this.timers = this.timers.filter((t) => t.id !== timer);
  }

  /** When the next timer runs, in milliseconds from now; undefined when there is none. */
  get wait(): number | undefined {
    return this.timers.length === 0 ? undefined : Math.min(...this.timers.map((t) => t.at)) - this.now;
  }

  /** Moves on, running what is due in order, and lets promises settle in between. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await settled();
    for (;;) {
      const due = this.timers.filter((t) => t.at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.clear(due.id);
      this.now = due.at;
      due.run();
      await settled();
    }
    this.now = end;
  }
}

/** Resolves when all promises that could be settled are. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
