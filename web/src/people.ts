import { signal } from "@preact/signals";
import type { Person } from "./wire.ts";

/** How many people are asked for at once. */
const BATCH = 200;

/** The names of people by id, as far as this page has heard of them. */
export class People {
  private readonly names = signal<ReadonlyMap<string, string>>(new Map());
  private readonly missing = new Set<string>();
  private readonly ask: (ids: string[]) => Promise<Person[]>;
  private asking = false;

  /** ask gets the people of some ids; it may fail, and is tried again when a name is wanted again. */
  constructor(ask: (ids: string[]) => Promise<Person[]>) {
    this.ask = ask;
  }

  learn(people: readonly Person[]): void {
    const before = this.names.peek();
    const news = people.filter((p) => before.get(p.id) !== p.name);
    if (news.length === 0) return;
    const names = new Map(before);
    for (const p of news) names.set(p.id, p.name);
    this.names.value = names;
  }

  /** The name of a person, or "…" until the server has said it. A view that reads it is rendered again when it changes. */
  name(id: string): string {
    const name = this.names.value.get(id);
    if (name !== undefined) return name;
    this.missing.add(id);
    if (!this.asking) {
      this.asking = true;
      setTimeout(() => void this.fetch(), 50);
    }
    return "…";
  }

  private async fetch(): Promise<void> {
    const ids = [...this.missing].slice(0, BATCH);
    this.missing.clear();
    try {
      this.learn(await this.ask(ids));
    } catch {
      // Whoever still shows the name asks again when it is next rendered.
    } finally {
      this.asking = false;
    }
  }
}
