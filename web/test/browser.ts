// A browser for tests: the storage and the locks that its tabs share, and tabs that can be closed and killed.

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { Lost, Refused } from "../src/conn.ts";
import { Drafts, merge } from "../src/drafts.ts";
import { type Bell, DatabaseKeep, type KeepConfig } from "../src/keep.ts";
import { type Entry, Outbox } from "../src/outbox.ts";
import { TabTurn } from "../src/turn.ts";
import type { Posted } from "../src/wire.ts";
import { settled, TestClock } from "./clock.ts";

globalThis.IDBKeyRange = IDBKeyRange;

/** Web Locks, as far as they are used: exclusive, waited for in order, stolen. */
class Locks {
  private readonly held = new Map<string, Request>();
  private readonly queue: Request[] = [];

  /** What a tab sees of them. */
  of(tab: string): LockManager {
    const request = (name: string, options: LockOptions, run: () => unknown) =>
      new Promise((resolve, reject) => {
        const waiting: Request = { tab, name, run, resolve, reject };
        options.signal?.addEventListener("abort", () => {
          if (!this.queue.includes(waiting)) return;
          this.queue.splice(this.queue.indexOf(waiting), 1);
          reject(new DOMException("not wanted any more", "AbortError"));
        });
        const holder = this.held.get(name);
        if (options.steal && holder) {
          this.held.delete(name);
          holder.reject(new DOMException("stolen", "AbortError"));
        }
        if (options.steal) this.queue.unshift(waiting);
        else this.queue.push(waiting);
        setImmediate(() => this.grant());
      });
    return { request } as unknown as LockManager;
  }

  /** The tab is gone, and all it had or waited for. */
  drop(tab: string): void {
    for (const [name, holder] of this.held) if (holder.tab === tab) this.held.delete(name);
    for (const waiting of this.queue.filter((w) => w.tab === tab)) this.queue.splice(this.queue.indexOf(waiting), 1);
    this.grant();
  }

  private grant(): void {
    for (const next of this.queue.slice()) {
      if (this.held.has(next.name)) continue;
      this.held.set(next.name, next);
      this.queue.splice(this.queue.indexOf(next), 1);
      void this.hold(next);
    }
  }

  private async hold(holder: Request): Promise<void> {
    const value = await holder.run();
    if (this.held.get(holder.name) !== holder) return; // it was stolen
    this.held.delete(holder.name);
    holder.resolve(value);
    this.grant();
  }
}

interface Request {
  tab: string;
  name: string;
  run: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** A map that looks like localStorage. */
export class TestStorage extends Map<string, string> {
  get length(): number {
    return this.size;
  }

  key(index: number): string | null {
    return [...this.keys()][index] ?? null;
  }

  getItem(name: string): string | null {
    return this.get(name) ?? null;
  }

  removeItem(name: string): void {
    this.delete(name);
  }
}

/** A server that makes one message of a key, however often it comes. */
export class Server {
  readonly messages: { user: string; key: string; room: string; text: string }[] = [];
  posts = 0;
  /** What happens to the next posts. */
  fate: ("ok" | "lost" | "answer lost" | "held" | "approval" | Refused)[] = [];

  async send(user: string, { key, room, text }: Entry): Promise<Posted> {
    this.posts++;
    const fate = this.fate.shift() ?? "ok";
    await Promise.resolve();
    if (fate === "lost") throw new Lost();
    if (fate instanceof Refused) throw fate;
    if (fate === "approval") return { held: "h1" };
    if (!this.messages.some((m) => m.key === key)) this.messages.push({ user, key, room, text });
    if (fate === "answer lost") throw new Lost();
    if (fate === "held") return new Promise(() => {});
    const number = this.messages.findIndex((m) => m.key === key) + 1;
    return { number, version: number };
  }

  texts(room?: string): string[] {
    return this.messages.filter((m) => room === undefined || m.room === room).map((m) => m.text);
  }
}

export function refused(code: string, retryAfter?: number): Refused {
  return new Refused(retryAfter === undefined ? { code, message: `It is ${code}.` } : { code, message: "Slow down.", retryAfter });
}

export class Browser {
  readonly databases = new IDBFactory();
  readonly earlier = new TestStorage();
  readonly locks = new Locks();
  readonly server = new Server();
  private readonly bells = new Map<string, Map<string, (keys: string[]) => void>>(); // by channel, by tab
  private tabs = 0;

  /** Opens a tab, and waits until it has read what is kept. */
  async open(options: Partial<TabOptions> = {}): Promise<Tab> {
    const tab = new Tab(this, `tab${++this.tabs}`, { user: "u1", epoch: "k1", locks: true, keep: {}, ...options });
    await tab.keep.ready;
    tab.begin();
    return tab;
  }

  bell(channel: string, tab: string): Bell {
    const bells = this.bells.get(channel) ?? new Map<string, (keys: string[]) => void>();
    this.bells.set(channel, bells);
    return {
      addEventListener: (_type, heard) => bells.set(tab, (keys) => heard({ data: keys } as MessageEvent<string[]>)),
      postMessage: (keys) => {
        for (const [name, ring] of bells) if (name !== tab) setImmediate(() => bells.has(name) && ring(keys));
      },
    };
  }

  drop(tab: string): void {
    for (const bells of this.bells.values()) bells.delete(tab);
    this.locks.drop(tab);
  }

  /** All that is in the database, by its name there. */
  async kept(): Promise<Map<string, string>> {
    const opening = this.databases.open("parley");
    await once(opening, "success");
    const store = opening.result.transaction("kept").objectStore("kept");
    const [keys, values] = [store.getAllKeys(), store.getAll() as IDBRequest<{ value: string }[]>];
    await once(store.transaction, "complete");
    opening.result.close();
    return new Map(keys.result.map((key, i) => [String(key), values.result[i]?.value ?? ""]));
  }
}

/** Resolves with an event of a database, and fails with its error. */
export function once(target: EventTarget, type: string): Promise<void> {
  return new Promise((resolve, reject) => {
    target.addEventListener(type, () => resolve());
    target.addEventListener("error", () => reject(new Error(`no ${type}`)));
  });
}

interface TabOptions {
  user: string;
  epoch: string;
  /** The browser has Web Locks. */
  locks: boolean;
  keep: Partial<KeepConfig>;
}

export class Tab {
  readonly keep: DatabaseKeep;
  readonly clock = new TestClock();
  /** The room whose messages arrive in this tab. */
  room = "r1";
  /** How often the person was told that nothing is kept. */
  told = 0;
  private readonly browser: Browser;
  private readonly name: string;
  private readonly options: TabOptions;
  private dead = false;
  private parts: { outbox: Outbox; drafts: Drafts } | null = null;

  constructor(browser: Browser, name: string, options: TabOptions) {
    this.browser = browser;
    this.name = name;
    this.options = options;
    this.keep = new DatabaseKeep({
      user: options.user,
      databases: () => browser.databases,
      bell: browser.bell(options.user, name),
      earlier: () => browser.earlier as unknown as Storage,
      merge,
      failed: () => this.told++,
      ...options.keep,
    });
  }

  begin(): void {
    const { user, epoch, locks } = this.options;
    const outbox = new Outbox({
      keep: this.keep,
      turn: new TabTurn(`outbox ${user}`, locks ? this.browser.locks.of(this.name) : undefined),
      epoch,
      send: (entry) => (this.dead ? new Promise(() => {}) : this.browser.server.send(user, entry)),
      follows: (room) => room === this.room,
      changed: () => {},
      clock: this.clock,
      random: () => 0.5,
    });
    this.parts = { outbox, drafts: new Drafts(this.keep) };
  }

  get outbox(): Outbox {
    if (!this.parts) throw new Error("the tab has not begun");
    return this.parts.outbox;
  }

  get drafts(): Drafts {
    if (!this.parts) throw new Error("the tab has not begun");
    return this.parts.drafts;
  }

  /** What the tab shows as unsent: its texts, with the codes of their troubles. */
  unsent(): string[] {
    return this.outbox.list().filter((e) => !e.sent).map((e) => (e.trouble ? `${e.text}: ${e.trouble.code}` : e.text));
  }

  /** Lets a little time pass. */
  async rest(ms = 10): Promise<void> {
    await this.clock.pass(ms);
  }

  /** The tab is gone from one moment to the next: nothing that it began is ended. */
  async kill(): Promise<void> {
    this.dead = true;
    this.browser.drop(this.name);
    await settled();
  }
}
