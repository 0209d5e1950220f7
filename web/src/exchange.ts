// What the tabs of one browser share: a channel that all of them hear, and locks of which one tab at a time holds each.

export interface Exchange {
  /** Says something to all other tabs. */
  say(message: unknown): void;
  /**
   * Waits for the lock of this name. `held` is called when this tab has it, `lost` when another tab has taken it away since. Gives what
   * lets it go, or ends the waiting. With `steal` it is taken at once from whoever has it.
   */
  lock(name: string, held: () => void, lost?: () => void, steal?: "steal"): () => void;
  /** Says nothing and hears nothing any more. Locks are let go of one by one. */
  close(): void;
}

/** Opens a channel; null where the browser has none, or no locks: an address without HTTPS that is not this machine. */
export function openExchange(name: string, heard: (message: unknown) => void): Exchange | null {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks || typeof BroadcastChannel === "undefined") return null;
  const channel = new BroadcastChannel(name);
  channel.addEventListener("message", (e: MessageEvent<unknown>) => heard(e.data));
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin and takes none
    say: (message) => channel.postMessage(message),
    lock: (lock, held, lost, steal) => hold(locks, lock, held, lost, steal === "steal"),
    close: () => channel.close(),
  };
}

export function hold(locks: LockManager, name: string, held: () => void, lost: (() => void) | undefined, steal: boolean): () => void {
  const withdraw = new AbortController();
  let release: (() => void) | undefined;
  let done = false;
  const options = steal ? { steal } : { signal: withdraw.signal };
  locks
    .request(name, options, () => {
      if (done) return undefined;
      held();
      if (done) return undefined;
      return new Promise<void>((resolve) => (release = resolve));
    })
    .catch(() => {
      if (!done) lost?.();
    });
  return () => {
    if (done) return;
    done = true;
    if (release) release();
    else withdraw.abort();
  };
}
