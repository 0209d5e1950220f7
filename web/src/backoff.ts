/**
 * When to try again: the first time within 250 ms, then a little later, then for most of a minute within 1.5 s, so that a server
 * that was restarted has its people back at once; after that exponentially later, never more than 15 s. All waits have full jitter.
 */
export class Backoff {
  static readonly first = 250;
  static readonly base = 500;
  static readonly soon = 1_500;
  static readonly most = 15_000;
  /** How many tries come soon. */
  static readonly patience = 60;

  private failures = 0;
  private readonly random: () => number;

  /** random gives numbers in [0, 1). */
  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** How many milliseconds to wait before the next try. */
  next(): number {
    return this.random() * limit(this.failures++);
  }

  /** The next wait is no soon one: somebody asked to be left alone for a while. */
  later(): void {
    this.failures = Math.max(this.failures, Backoff.patience + 2);
  }

  /** It worked: the next wait is a first one again. */
  reset(): void {
    this.failures = 0;
  }
}

function limit(failures: number): number {
  if (failures === 0) return Backoff.first;
  if (failures < Backoff.patience) return Math.min(Backoff.soon, Backoff.base * 2 ** (failures - 1));
  return Math.min(Backoff.most, Backoff.soon * 2 ** Math.min(failures - Backoff.patience + 1, 16));
}
