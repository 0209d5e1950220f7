// The tabs of one browser. Each holds a Web Lock of its own name while it lives, so that others learn when it is gone.

const PREFIX = "parley/tab/";

export interface Tabs {
  /** This tab. */
  readonly id: string;
  /**
   * Calls back once the other tab is gone, soon if it is already. Where the browser has no locks (an address without HTTPS that
   * is not this machine) nobody can know; `otherwise` says what to do then.
   */
  whenGone(other: string, gone: () => void, otherwise: "now" | "never"): void;
}

/** Makes this tab known to the others. */
export function openTab(id: string): Tabs {
  const locks = (navigator as { locks?: LockManager }).locks;
  void locks?.request(PREFIX + id, () => new Promise(() => {})).catch(() => {});
  return {
    id,
    whenGone(other, gone, otherwise) {
      if (locks) void locks.request(PREFIX + other, () => gone()).catch(() => {});
      else if (otherwise === "now") queueMicrotask(gone);
    },
  };
}
