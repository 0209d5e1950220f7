// The gentle reminder that a guest's name is kept by a cookie alone: shown until it is put away, and again a week later.

/** Milliseconds. */
const WEEK = 7 * 86_400_000;

/** Where the browser remembers when it was put away. It may throw or give nothing. */
export type Memory = () => Pick<Storage, "getItem" | "setItem"> | undefined;

const local: Memory = () => localStorage;

const key = (user: string) => `parley/nudge/${user}`;

/** Whether somebody is to be reminded. A browser that remembers nothing reminds of it on every page. */
export function due(user: string, now: number = Date.now(), memory: Memory = local): boolean {
  try {
    const at = Number(memory()?.getItem(key(user)) ?? 0);
    return !(at <= now && now - at < WEEK);
  } catch {
    return true;
  }
}

/** Puts the reminder away for a week. */
export function putAway(user: string, now: number = Date.now(), memory: Memory = local): void {
  try {
    memory()?.setItem(key(user), `${now}`);
  } catch {
    // Then it comes back with the next page.
  }
}
