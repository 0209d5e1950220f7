// What a browser keeps for a person on this device: unsent messages and drafts, in IndexedDB.
//
// The database is the truth. Each tab holds a copy of the person's part of it, so that reading needs no waiting; what is written
// goes to the copy at once and to the database before the task ends, and then a channel rings the other tabs, which read again
// what has changed. A bell that rings twice, late or for nothing does no harm. Where the browser gives no database, the copy is
// all there is, and the person is told once.

/** Milliseconds: how long what is kept may take to be read before the page goes on without it. It is taken in when it comes. */
export const PATIENCE = 1_000;
/** Milliseconds: what people wrote who were in this browser once stays so long for them, after it was last touched. */
export const ABSENCE = 30 * 86_400_000;

const DATABASE = "parley";
const VERSION = 1;
const STORE = "kept";
const DRAFT = /^draft\//;

/** Where a value is: on the device, on its way there, or in the memory of this tab alone. */
export type Place = "device" | "way" | "memory";

/** Durable strings by key, which the tabs of one person in one browser share. */
export interface Keep {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** The keys that begin with the prefix, sorted. */
  keys(prefix: string): string[];
  place(key: string): Place;
  /** Calls back when a value has changed that this tab did not change; null is a removal. */
  watch(changed: (key: string, value: string | null, from: Source) => void): void;
}

/** Who changed a value: another tab, or the device that was read late. */
export type Source = "tab" | "device";

/** A bell between the tabs of one person. It may be the browser's BroadcastChannel. */
export interface Bell {
  postMessage(keys: string[]): void;
  addEventListener(type: "message", heard: (e: MessageEvent<string[]>) => void): void;
}

export interface KeepConfig {
  /** The id of the person. Nothing of anybody else is ever read. */
  user: string;
  /** The browser's databases. It may throw or give nothing. */
  databases: () => IDBFactory | undefined;
  bell: Bell | null;
  /** Where earlier versions of this page kept things; what is found there is taken over. It may throw or give nothing. */
  earlier?: () => Storage | undefined;
  /** One of what was on the device, read late, and what was written meanwhile. */
  merge: (key: string, stored: string, written: string) => string;
  /** The browser keeps nothing. Called at most once, when there is something to keep. */
  failed: () => void;
  now?: () => number;
  patience?: number;
}

interface Kept {
  value: string;
  /** Unix milliseconds. */
  at: number;
}

export class DatabaseKeep implements Keep {
  /** Resolves when what is kept has been read, when it cannot be, or after PATIENCE. Never fails. */
  readonly ready: Promise<void>;

  private readonly config: KeepConfig;
  private readonly prefix: string;
  private readonly copy = new Map<string, string>();
  private readonly unsaved = new Set<string>(); // keys whose value has still to be written
  private readonly saving = new Map<string, number>(); // keys on their way to the database, by the transaction that counts
  private readonly watchers: ((key: string, value: string | null, from: Source) => void)[] = [];
  private database: IDBDatabase | null = null;
  private loaded = false;
  private failing = false; // nothing is kept, as far as one can see
  private told = false;
  private planned = false;
  private transactions = 0;
  private goOn: () => void = () => {};

  constructor(config: KeepConfig) {
    this.config = config;
    this.prefix = `${config.user}/`;
    this.ready = new Promise((resolve) => {
      const timer = setTimeout(() => this.fail(), config.patience ?? PATIENCE);
      this.goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    config.bell?.addEventListener("message", (e) => this.read(e.data));
    this.open();
  }

  get(key: string): string | null {
    return this.copy.get(key) ?? null;
  }

  set(key: string, value: string): void {
    if (this.copy.get(key) === value) return;
    this.copy.set(key, value);
    this.plan(key);
  }

  remove(key: string): void {
    if (!this.copy.delete(key)) return;
    if (this.failing) this.forgetEarlier(key);
    this.plan(key);
  }

  keys(prefix: string): string[] {
    return [...this.copy.keys()].filter((key) => key.startsWith(prefix)).toSorted();
  }

  place(key: string): Place {
    if (this.unsaved.has(key)) return this.failing ? "memory" : "way";
    return this.saving.has(key) ? "way" : "device";
  }

  watch(changed: (key: string, value: string | null, from: Source) => void): void {
    this.watchers.push(changed);
  }

  /** Reads everything again: this tab may have slept through the bell. */
  refresh(): void {
    if (this.database && this.loaded) this.load(this.database);
  }

  // Reading.

  private open(): void {
    try {
      const databases = this.config.databases();
      if (!databases) throw new Error("no databases");
      const request = databases.open(DATABASE, VERSION);
      request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
      request.addEventListener("success", () => this.opened(request.result));
      request.addEventListener("error", (e) => {
        e.preventDefault(); // some browsers report it as an error of the page otherwise
        this.fail();
      });
    } catch {
      this.fail();
    }
  }

  private opened(database: IDBDatabase): void {
    this.database = database;
    database.addEventListener("versionchange", () => {
      database.close();
      this.lost(database);
    });
    database.addEventListener("close", () => this.lost(database));
    this.load(database);
  }

  /** The database was taken away, by the person or by a newer version of this page: all is written again if there is one. */
  private lost(database: IDBDatabase): void {
    if (this.database !== database) return;
    this.database = null;
    this.loaded = false;
    for (const key of this.copy.keys()) this.unsaved.add(key);
    this.open();
  }

  /** Reads the person's whole part of the database. */
  private load(database: IDBDatabase): void {
    try {
      const transaction = database.transaction(STORE, "readwrite");
      const store = transaction.objectStore(STORE);
      const moved = this.takeOver(store);
      const range = IDBKeyRange.bound(this.prefix, `${this.prefix}\uffff`);
      const keys = store.getAllKeys(range);
      const values = store.getAll(range) as IDBRequest<Kept[]>;
      this.sweep(store);
      transaction.addEventListener("complete", () => {
        for (const name of moved) this.config.earlier?.()?.removeItem(name);
        this.took(new Map(keys.result.map((key, i) => [String(key).slice(this.prefix.length), values.result[i]?.value ?? ""])));
      });
      transaction.addEventListener("abort", () => this.fail());
    } catch {
      this.fail();
    }
  }

  private took(found: ReadonlyMap<string, string>): void {
    const late = !this.loaded;
    this.loaded = true;
    this.failing = false;
    for (const [key, value] of found) {
      const written = this.copy.get(key);
      if (late && this.unsaved.has(key)) this.meet(key, value, written);
      else this.take(key, value, "device");
    }
    if (!late) for (const key of this.copy.keys()) if (!found.has(key)) this.take(key, null, "tab");
    this.goOn();
    this.flush();
  }

  /** Something was written before the device was read: nothing of either is dropped. */
  private meet(key: string, stored: string, written: string | undefined): void {
    const value = written === undefined ? stored : this.config.merge(key, stored, written);
    if (value === stored) this.unsaved.delete(key);
    if (value === written) return;
    this.copy.set(key, value);
    for (const changed of this.watchers) changed(key, value, "device");
  }

  /** Another tab has written these keys. The transaction waits for this tab's own writes, and those that come after it win. */
  private read(keys: readonly string[]): void {
    const { database } = this;
    if (!database) return;
    try {
      const transaction = database.transaction(STORE);
      const store = transaction.objectStore(STORE);
      const values = keys.map((key) => store.get(this.prefix + key) as IDBRequest<Kept | undefined>);
      transaction.addEventListener("complete", () => {
        for (const [i, key] of keys.entries()) this.take(key, values[i]?.result?.value ?? null, "tab");
      });
    } catch {
      // The database is being closed; it is read as a whole when it is back.
    }
  }

  private take(key: string, value: string | null, from: Source): void {
    if (this.unsaved.has(key) || this.saving.has(key) || this.get(key) === value) return;
    if (value === null) this.copy.delete(key);
    else this.copy.set(key, value);
    for (const changed of this.watchers) changed(key, value, from);
  }

  // Writing.

  private plan(key: string): void {
    this.unsaved.add(key);
    if (this.planned) return;
    this.planned = true;
    queueMicrotask(() => {
      this.planned = false;
      this.flush();
    });
  }

  /** Hands everything that is unsaved to the browser, in one transaction. */
  private flush(): void {
    const { database } = this;
    if (this.unsaved.size === 0) return;
    if (!database || !this.loaded) {
      if (this.failing) this.tell();
      return;
    }
    const keys = [...this.unsaved];
    const number = ++this.transactions;
    try {
      const durability = keys.every((key) => DRAFT.test(key)) ? "relaxed" : "strict";
      const transaction = database.transaction(STORE, "readwrite", { durability });
      const store = transaction.objectStore(STORE);
      for (const key of keys) this.write(store, key);
      transaction.commit(); // now, not when the requests are answered: the tab may be gone by then
      transaction.addEventListener("complete", () => this.saved(keys, number));
      transaction.addEventListener("abort", () => this.refused(keys, number));
    } catch {
      this.refused(keys, number);
      return;
    }
    for (const key of keys) this.saving.set(key, number);
    this.unsaved.clear();
  }

  private write(store: IDBObjectStore, key: string): void {
    const value = this.copy.get(key);
    if (value === undefined) store.delete(this.prefix + key);
    else store.put({ value, at: this.now() } satisfies Kept, this.prefix + key);
  }

  private saved(keys: readonly string[], number: number): void {
    this.failing = false;
    for (const key of keys) if (this.saving.get(key) === number) this.saving.delete(key);
    this.config.bell?.postMessage([...keys]);
  }

  /** The browser did not take it. It stays in memory and is tried again with the next thing that is written. */
  private refused(keys: readonly string[], number: number): void {
    for (const key of keys) {
      if (this.saving.get(key) === number) {
        this.saving.delete(key);
        this.unsaved.add(key);
      }
    }
    this.failing = true;
    if (this.unsaved.size > 0) this.tell();
  }

  /** There is no database, or none yet. */
  private fail(): void {
    this.failing = true;
    this.takeEarlier();
    this.goOn();
    this.flush();
  }

  private tell(): void {
    if (this.told) return;
    this.told = true;
    this.config.failed();
  }

  private now(): number {
    return (this.config.now ?? Date.now)();
  }

  // What others left.

  /** Writes what earlier versions of this page kept, of all people, where there is nothing yet. Gives its names there. */
  private takeOver(store: IDBObjectStore): string[] {
    const found = this.earlier();
    for (const [name, value] of found) {
      const request = store.add({ value, at: this.now() } satisfies Kept, name.slice(EARLIER.length));
      request.addEventListener("error", (e) => {
        e.preventDefault(); // it is there already, and newer
        e.stopPropagation();
      });
    }
    return [...found.keys()];
  }

  /** Without a database, what earlier versions kept of this person is taken into memory, and stays there as it is. */
  private takeEarlier(): void {
    const prefix = EARLIER + this.prefix;
    for (const [name, value] of this.earlier()) {
      const key = name.slice(prefix.length);
      if (name.startsWith(prefix) && !this.copy.has(key)) this.copy.set(key, value);
    }
  }

  private forgetEarlier(key: string): void {
    try {
      this.config.earlier?.()?.removeItem(EARLIER + this.prefix + key);
    } catch {
      // It was never there.
    }
  }

  private earlier(): Map<string, string> {
    const found = new Map<string, string>();
    try {
      const storage = this.config.earlier?.();
      for (let i = 0; i < (storage?.length ?? 0); i++) {
        const name = storage?.key(i) ?? "";
        if (EARLIER_NAME.test(name)) found.set(name, storage?.getItem(name) ?? "");
      }
    } catch {
      // The browser forbids it: there is nothing.
    }
    return found;
  }

  /** Drops what was left here by people who have not been back for long. */
  private sweep(store: IDBObjectStore): void {
    const request = store.openCursor() as IDBRequest<IDBCursorWithValue | null>;
    request.addEventListener("success", () => {
      const cursor = request.result;
      if (!cursor) return;
      if (!String(cursor.key).startsWith(this.prefix) && (cursor.value as Kept).at < this.now() - ABSENCE) cursor.delete();
      cursor.continue();
    });
  }
}

const EARLIER = "parley/";
const EARLIER_NAME = /^parley\/[^/]*\/(?:outbox|draft)\//;
