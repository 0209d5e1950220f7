import type { Change, Message, Opened, Page, Position } from "../src/wire.ts";

/** A room of a server, as small as it can be and still keep its promises. */
export class ModelRoom {
  readonly changes: Change[] = [];
  private readonly messages: Message[] = [];

  private get version(): number {
    return this.changes.length;
  }

  private changed(message: Message): Change {
    this.messages[message.number - 1] = message;
    const change = { room: "r1", version: message.version, message };
    this.changes.push(change);
    return change;
  }

  post(text: string): Change {
    const number = this.messages.length + 1;
    return this.changed({ number, version: this.version + 1, by: "u2", text });
  }

  edit(number: number, text: string): Change {
    return this.changed({ number, version: this.version + 1, by: "u2", text, edited: 1 });
  }

  remove(number: number): Change {
    return this.changed({ number, version: this.version + 1, by: "u2", text: "", deleted: true });
  }

  /** Does something at random. */
  act(random: () => number): Change {
    const living = this.living();
    const chosen = living[Math.floor(random() * living.length)];
    const dice = random();
    if (!chosen || dice < 0.6) return this.post(`text ${this.version}`);
    return dice < 0.8 ? this.edit(chosen.number, `edited ${this.version}`) : this.remove(chosen.number);
  }

  private living(): Message[] {
    return this.messages.filter((m) => !m.deleted);
  }

  all(): string[] {
    return this.living().map((m) => `${m.number} ${m.text}`);
  }

  snapshot(limit: number, around?: number): Opened {
    const living = this.living();
    let messages = living.slice(-limit);
    if (around !== undefined) {
      const at = living.findIndex((m) => m.number >= around);
      messages = living.slice(Math.max(0, at - limit / 2), at + limit / 2);
    }
    return {
      ...this.head(),
      reset: true,
      info: { name: "lobby", kind: "public", topic: "", members: 0 },
      messages,
      more: messages[0] !== living[0],
    };
  }

  resume(at: Position): Opened {
    const newest = this.messages.filter((m) => m.version > at.version).toSorted((a, b) => a.version - b.version);
    return { ...this.head(), changes: newest.map((message) => ({ room: "r1", version: message.version, message })) };
  }

  page(side: "before" | "after", edge: number, limit: number): Page {
    const there = this.living().filter((m) => (side === "before" ? m.number < edge : m.number > edge));
    const messages = side === "before" ? there.slice(-limit) : there.slice(0, limit);
    return { room: "r1", version: this.version, messages, people: [], more: there.length > limit };
  }

  private head(): Opened {
    return {
      room: "r1",
      epoch: "k1",
      version: this.version,
      number: this.messages.length,
      reset: false,
      changes: [],
      member: false,
      messages: [],
      people: [],
      more: false,
    };
  }
}
