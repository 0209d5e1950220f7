import type { Keep } from "./keep.ts";

/** What is written and not sent, per room. It survives a reload. */
export class Drafts {
  private readonly keep: Keep;
  private readonly prefix: string;

  constructor(keep: Keep, user: string) {
    this.keep = keep;
    this.prefix = `parley/${user}/draft/`;
  }

  get(room: string): string {
    return this.keep.get(this.prefix + room) ?? "";
  }

  /** Takes what was written before the draft was at hand; a browser may have put the draft itself there. */
  add(room: string, text: string): void {
    const draft = this.get(room);
    if (!draft.endsWith(text)) this.set(room, draft === "" ? text : `${draft}\n${text}`);
  }

  set(room: string, text: string): void {
    if (text === "") this.keep.remove(this.prefix + room);
    else this.keep.set(this.prefix + room, text);
  }
}
