// What the browser remembers about its network, so that the next page need not find it out again.

const KEY = "parley/blocked";
/** Milliseconds: networks change. */
const LIFE = 3_600_000;

/** Whether the network blocks WebSocket, as found within the last hour. */
export function networkMemory(): { blocked: boolean } {
  return {
    get blocked() {
      try {
        return Date.now() - Number(localStorage.getItem(KEY) ?? 0) < LIFE;
      } catch {
        return false;
      }
    },
    set blocked(blocked) {
      try {
        if (blocked) localStorage.setItem(KEY, `${Date.now()}`);
        else localStorage.removeItem(KEY);
      } catch {
        // Then each page finds out by itself.
      }
    },
  };
}
