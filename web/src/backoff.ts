/** When to try again: the first time within 250 ms, then exponentially later with full jitter, never more than 15 s. */
export class Backoff {
  static readonly first = 250;
  static readonly base = 500;
  static readonly most = 15_000;

  private failures = 0;
  private readonly random: () => number;

  /** random gives numbers in [0, 1). */
  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** How many milliseconds to wait before the next try. */
  next(): number {
    const failures = this.failures++;
    if (failures === 0) return this.random() * Backoff.first;
    return this.random() * Math.min(Backoff.most, Backoff.base * 2 ** Math.min(failures - 1, 16));
  }

  /** The next wait is no first one: somebody asked to be left alone for a while. */
  later(): void {
    this.failures = Math.max(this.failures, 4);
  }

  /** It worked: the next wait is a first one again. */
  reset(): void {
    this.failures = 0;
  }
}
