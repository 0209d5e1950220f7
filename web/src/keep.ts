// What a browser keeps for a person on this device: unsent messages and drafts.

/** A durable map of strings that the tabs of one browser share. Reads see the tab's own writes at once, other tabs' soon after. */
export interface Keep {
  get(key: string): string | null;
  /** Gives false when the browser has no room for it; the value is then lost with the tab. */
  set(key: string, value: string): boolean;
  remove(key: string): void;
  /** The keys that begin with the prefix, sorted. */
  keys(prefix: string): string[];
  /** Calls back when another tab has changed something; null is a removal. */
  watch(changed: (key: string, value: string | null) => void): void;
}

/** Keeps in localStorage; in memory where the browser forbids it. */
export class LocalKeep implements Keep {
  private readonly memory = new Map<string, string>();

  get(key: string): string | null {
    try {
      return localStorage.getItem(key) ?? this.memory.get(key) ?? null;
    } catch {
      return this.memory.get(key) ?? null;
    }
  }

  set(key: string, value: string): boolean {
    try {
      localStorage.setItem(key, value);
      this.memory.delete(key);
      return true;
    } catch {
      this.memory.set(key, value);
      return false;
    }
  }

  remove(key: string): void {
    this.memory.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // It was never there.
    }
  }

  keys(prefix: string): string[] {
    const found = new Set(this.memory.keys());
    try {
      for (let i = 0; i < localStorage.length; i++) found.add(localStorage.key(i) ?? "");
    } catch {
      // Only memory, then.
    }
    return [...found].filter((key) => key.startsWith(prefix)).toSorted();
  }

  watch(changed: (key: string, value: string | null) => void): void {
    addEventListener("storage", (e) => e.key !== null && changed(e.key, e.newValue));
  }
}
