// Changing what was said: my own messages, and deleting those of others where I may.

import { signal } from "@preact/signals";
import { Refused } from "./conn.ts";
import { tell } from "./notice.ts";
import type { OpenRoom } from "./open_room.ts";
import type { Message, Request } from "./wire.ts";

/** What of mine is being edited in the message box. */
export interface Editing {
  number: number;
  version: number;
  text: string;
}

export interface EditorConfig {
  me: () => string;
  room: () => OpenRoom;
  ask: (request: Request) => Promise<unknown>;
  /** Something of mine is on its way to the room. */
  busy: (room: string) => boolean;
}

export class Editor {
  readonly editing = signal<Editing | null>(null);
  private readonly config: EditorConfig;

  constructor(config: EditorConfig) {
    this.config = config;
  }

  /** Begins to edit my message; without one, my last one in sight. Gives false when there is none, or it is still on its way. */
  edit(message?: Message): boolean {
    const me = this.config.me();
    const room = this.config.room();
    if (!message && this.config.busy(room.id)) return false;
    const chosen = message ?? room.view.peek().messages.findLast((m) => m.by === me);
    if (!chosen) return false;
    this.editing.value = { number: chosen.number, version: chosen.version, text: chosen.text };
    return true;
  }

  /** Saves what is being edited. Gives whether it is done; if not, the person has been told. */
  async save(text: string): Promise<boolean> {
    const editing = this.editing.peek();
    if (!editing) return true;
    const { number, version } = editing;
    try {
      if (text !== editing.text) await this.config.ask({ do: "edit", room: this.config.room().id, number, version, text });
      this.editing.value = null;
      return true;
    } catch (error) {
      if (error instanceof Refused && error.refusal.code === "conflict") {
        const now = error.refusal.text ?? "";
        this.editing.value = { number, version: error.refusal.version ?? version, text: now };
        tell(`It was changed meanwhile, to “${clip(now)}”. Save again to replace that.`);
      } else tell(error instanceof Refused ? error.message : "Not saved: there is no connection. Try again.");
      return false;
    }
  }

  async delete(number: number): Promise<void> {
    try {
      await this.config.ask({ do: "delete", room: this.config.room().id, number });
      if (this.editing.peek()?.number === number) this.editing.value = null;
    } catch (error) {
      tell(error instanceof Refused ? error.message : "Not deleted: there is no connection. Try again.");
    }
  }
}

/** The beginning of a text, in one line. */
function clip(text: string): string {
  const line = text.replace(/\s+/gu, " ").trim();
  const letters = Array.from(line);
  return letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : line;
}
