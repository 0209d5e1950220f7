/** What lets time pass. Tests have one that they move. */
export interface Clock {
  /** Calls back after so many milliseconds; gives what clear takes. */
  set(run: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

export const realClock: Clock = {
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer as number),
};
