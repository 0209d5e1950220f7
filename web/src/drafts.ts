import type { Keep, Source } from "./keep.ts";

const PREFIX = "draft/";

/** What is written and not sent, per room. It survives a reload, and is that of the tab where it was last written. */
export class Drafts {
  private readonly keep: Keep;
  private readonly watchers = new Set<(room: string, text: string, from: Source) => void>();

  constructor(keep: Keep) {
    this.keep = keep;
    keep.watch((key, value, from) => {
      if (!key.startsWith(PREFIX)) return;
      for (const changed of this.watchers) changed(key.slice(PREFIX.length), value ?? "", from);
    });
  }

  get(room: string): string {
    return this.keep.get(PREFIX + room) ?? "";
  }

  /** Takes what was written before the draft was at hand; a browser may have put the draft itself there. */
  add(room: string, text: string): void {
    if (text !== "") this.set(room, joined(this.get(room), text));
  }

  set(room: string, text: string): void {
    if (text === "") this.keep.remove(PREFIX + room);
    else this.keep.set(PREFIX + room, text);
  }

  /** Calls back when a draft has changed that was not set here. Gives what to call to hear no more. */
  watch(changed: (room: string, text: string, from: Source) => void): () => void {
    this.watchers.add(changed);
    return () => void this.watchers.delete(changed);
  }
}

/** A draft, and below it what was written before it was at hand; the text alone if it ends the draft already. */
export function joined(draft: string, text: string): string {
  if (draft === "" || draft.endsWith(text)) return draft || text;
  return `${draft}\n${text}`;
}

/** What is kept at a key, when the device was read only after something was written there. */
export function merge(key: string, stored: string, written: string): string {
  return key.startsWith(PREFIX) ? joined(stored, written) : written;
}
