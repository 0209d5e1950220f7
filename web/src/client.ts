// The client: what this page knows and does, as signals that the views read and verbs that they call.

import { computed, signal } from "@preact/signals";
import { messageIn, roomIn, roomPath } from "./address.ts";
import { type Boot, isNewest } from "./boot.ts";
import { Conn, Lost, Refused, type State } from "./conn.ts";
import { Drafts } from "./drafts.ts";
import { answersHTTP } from "./api.ts";
import { dialHTTP } from "./http_link.ts";
import type { Keep } from "./keep.ts";
import { dialSocket } from "./link.ts";
import { networkMemory } from "./memory.ts";
import { hush, tell } from "./notice.ts";
import { OpenRoom, type Target } from "./open_room.ts";
import { type Entry, Outbox, setAside } from "./outbox.ts";
import { People } from "./people.ts";
import { follow, type Roster } from "./roster.ts";
import { TabTurn } from "./turn.ts";
import { type Frame, type Hello, type Here, joined, type Message, opened, people, posted, type Request, type User } from "./wire.ts";

/** How many rooms stay held, so that going back to one is instant. */
const HELD = 8;
/** Milliseconds: how long a lost connection is nobody's business, and how often typing is told. */
const QUIET = 400;
const TYPING = 3_000;

const NO_CONNECTION = "There is no connection just now. The room opens when it is back.";

/** What of mine is being edited in the message box. */
export interface Editing {
  number: number;
  version: number;
  text: string;
}

export class Client {
  readonly me;
  readonly mine;
  readonly publicRooms;
  readonly limits;
  readonly room;
  readonly people: People;
  readonly drafts: Drafts;
  readonly entries = signal<readonly Entry[]>([]);
  readonly editing = signal<Editing | null>(null);
  /** The connection, as far as the person needs to know: "" when all is well. */
  readonly trouble = signal<"" | "waiting" | "offline" | "ended">("");
  /** How many messages came while the page was not looked at. */
  readonly unseen = signal(0);
  /** The rooms with something of mine that waits for me. */
  readonly failed = computed(() => new Set(this.entries.value.filter(setAside).map((e) => e.room)));
  /** The public rooms that I am not in. */
  readonly others = computed(() => {
    const mine = new Set(this.mine.value.rooms.map((r) => r.id));
    return this.publicRooms.value.rooms.filter((r) => !mine.has(r.id));
  });

  /** What could not be sent to rooms that are not here to be opened. */
  readonly stranded = computed(() => {
    const here = new Set([...this.mine.value.rooms, ...this.publicRooms.value.rooms, this.room.value].map(({ id }) => id));
    return this.entries.value.filter((e) => setAside(e) && !here.has(e.room));
  });

  private readonly conn: Conn;
  private readonly outbox: Outbox;
  private readonly epoch: string;
  private readonly held = new Map<string, OpenRoom>(); // the rooms last looked at, newest last
  private goal: number | undefined; // the message that the page was opened for, until it was gone to
  private typedAt = 0;
  private online = false;
  private readonly waiting: (() => void)[] = []; // who waits to be online
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private wanted = 0; // counts the rooms that were asked for: the last one wins
  private postponed: { wanted: number; run: () => void } | undefined; // what the connection is waited for with

  constructor(boot: Boot, keep: Keep) {
    const { hello, open, page } = boot;
    const user: User = hello.me?.user ?? { id: "", name: page.username };
    this.epoch = hello.epoch;
    this.me = signal<User>(user);
    this.mine = signal<Roster>({ version: hello.me?.version ?? 0, rooms: hello.me?.rooms ?? [] });
    this.publicRooms = signal<Roster>(hello.server);
    this.limits = signal(hello.limits);
    this.people = new People(async (users) => people(await this.conn.ask({ do: "people", users })));
    this.people.learn([user]);
    this.drafts = new Drafts(keep);
    this.conn = new Conn({
      socket: dialSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`),
      http: dialHTTP({ user: user.id, epoch: hello.epoch }),
      answersHTTP,
      memory: networkMemory(),
      hello: (h) => this.greeted(h),
      frame: (f) => this.receive(f),
      state: (s) => this.changed(s),
    });
    this.outbox = new Outbox({
      keep,
      turn: new TabTurn(`parley/outbox/${user.id}`, (navigator as { locks?: LockManager }).locks),
      epoch: hello.epoch,
      send: (entry) => this.post(entry),
      follows: (id) => this.room.peek().id === id,
      changed: () => (this.entries.value = this.outbox.list()),
      clock: { set: (run, ms) => setTimeout(run, ms), clear: (timer) => clearTimeout(timer as number) },
    });
    this.entries.value = this.outbox.list();
    const first = this.hold(open, isNewest(open, location.search));
    this.goal = messageIn(location);
    const held = open.messages.some((m) => m.number === this.goal);
    first.target.value = held && this.goal !== undefined ? this.goal : "newest";
    this.room = signal<OpenRoom>(first);
  }

  /** Connects, and listens to the browser. */
  start(): void {
    addEventListener("online", () => this.conn.moved());
    addEventListener("offline", () => this.conn.wake());
    addEventListener("pageshow", (e) => e.persisted && this.conn.wake());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.unseen.value = 0;
      this.conn.wake();
    });
    addEventListener("focus", () => (this.unseen.value = 0));
    addEventListener("popstate", () => this.followAddress());
    addEventListener("hashchange", () => this.followAddress());
    addEventListener("beforeunload", (e) => this.outbox.atRisk() && e.preventDefault());
    this.conn.start();
  }

  // The connection.

  private greeted(hello: Hello): void {
    if (!this.told(hello)) return;
    void this.follow();
    this.outbox.connected();
    const { postponed } = this;
    this.postponed = undefined;
    if (postponed?.wanted !== this.wanted) return;
    hush();
    postponed.run();
  }

  /** Takes what a hello tells. Gives false when this page is at its end. */
  private told(hello: Hello): boolean {
    if (hello.me === null) {
      this.conn.end();
      return false;
    }
    if (hello.me.user.id !== this.me.peek().id || hello.epoch !== this.epoch) {
      this.conn.end(); // until the page has gone nothing is sent in this name
      location.reload(); // this browser is someone else now, or the server has another past
      return false;
    }
    this.renamed(hello.me.user);
    this.mine.value = { version: hello.me.version, rooms: hello.me.rooms };
    this.publicRooms.value = hello.server;
    this.limits.value = hello.limits;
    return true;
  }

  private async follow(): Promise<void> {
    const room = this.room.peek();
    await room.resume();
    if (room === this.room.peek()) this.showAddress(false);
    const { goal } = this;
    this.goal = undefined;
    if (goal !== undefined) await room.jump(goal);
  }

  /** Waits for a connection that is on its way, for three seconds at most: whoever is quick asks before it is there. */
  private connected(): Promise<void> {
    if (this.online) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      setTimeout(resolve, 3_000);
    });
  }

  private changed(state: State): void {
    this.online = state === "online";
    if (this.online) for (const go of this.waiting.splice(0)) go();
    if (state === "online" || state === "ended") {
      clearTimeout(this.quiet);
      this.quiet = undefined;
      this.trouble.value = state === "ended" ? "ended" : "";
    } else this.quiet ??= setTimeout(() => this.showTrouble(), QUIET);
    if (state !== "online") {
      this.outbox.disconnected();
      for (const room of this.held.values()) room.disconnected();
    }
  }

  /** Says what is wrong, and looks again every second: the browser may go offline or come back meanwhile. */
  private showTrouble(): void {
    this.trouble.value = navigator.onLine ? "waiting" : "offline";
    this.quiet = setTimeout(() => this.showTrouble(), 1_000);
  }

  private receive(frame: Frame): void {
    switch (frame.is) {
      case "change":
        this.held.get(frame.change.room)?.apply(frame.change);
        if (frame.change.info && frame.change.room === this.room.peek().id) this.showAddress(false, frame.change.info.name);
        break;
      case "reset":
        this.held.get(frame.reset.room)?.take(frame.reset);
        break;
      case "typing":
        this.typists(frame.room, frame.users);
        break;
      case "here":
        this.people.learn(frame.here.people);
        this.present(frame.room, frame.here);
        break;
      case "me":
        this.mine.value = follow(this.mine.peek(), frame.version, frame.room);
        if (frame.user) this.renamed(frame.user);
        break;
      case "hello":
        this.told(frame.hello);
        break;
      case "server":
        this.publicRooms.value = follow(this.publicRooms.peek(), frame.version, frame.room);
        break;
      default:
    }
  }

  private typists(id: string, users: string[]): void {
    const room = this.held.get(id);
    if (room) room.typing.value = users.filter((user) => user !== this.me.peek().id);
  }

  private present(id: string, here: Here): void {
    const room = this.held.get(id);
    if (room) room.here.value = here;
  }

  private renamed(user: User): void {
    const before = this.me.peek();
    this.me.value = user;
    this.people.learn([user]);
    if (user.name !== before.name) this.showAddress(false);
  }

  /** Connects at once, instead of waiting for the next try. */
  reconnect(): void {
    this.conn.wake();
  }

  // Rooms.

  private hold(snapshot: ReturnType<typeof opened>, newest: boolean): OpenRoom {
    const room = new OpenRoom(snapshot, newest, {
      me: this.me.peek().id,
      ask: (request) => this.conn.ask(request),
      learn: (list) => this.people.learn(list),
      seen: (key) => this.outbox.seen(key),
      fresh: () => {
        if (document.hidden || !document.hasFocus()) this.unseen.value++;
      },
    });
    this.held.set(room.id, room);
    for (const id of this.held.keys()) {
      if (this.held.size <= HELD) break;
      if (id !== room.id) this.held.delete(id);
    }
    return room;
  }

  /** The address of a room for me. */
  path(room: string): string {
    return roomPath(room, this.me.value.name);
  }

  /**
   * Goes to a room by id or name, at its end or at a message. Without a connection it goes to a room that is held; another one opens
   * when the connection is back.
   */
  async go(room: { id?: string; name: string }, to: { push: boolean; target?: Target }): Promise<void> {
    const wanted = ++this.wanted;
    const before = this.room.peek();
    const target = to.target ?? "newest";
    if (room.id === before.id) {
      await before.jump(target);
      return;
    }
    let next = room.id === undefined ? undefined : this.held.get(room.id);
    if (next && !next.view.peek().later && target === "newest") {
      next.reading = undefined;
      void next.resume();
    } else {
      try {
        const request: Request = { do: "open", room: room.id ?? room.name };
        if (target !== "newest") request.around = target;
        const answer = opened(await this.conn.ask(request));
        if (wanted !== this.wanted) return;
        next = this.hold(answer, target === "newest");
      } catch (error) {
        if (wanted !== this.wanted) return;
        if (!to.push) this.showAddress(false); // the browser went ahead
        if (error instanceof Lost) this.postponed = { wanted, run: () => void this.go(room, { ...to, push: true }) };
        tell(error instanceof Lost ? NO_CONNECTION : error instanceof Refused ? error.message : "That room cannot be opened.");
        return;
      }
    }
    next.target.value = target;
    this.enter(next, to.push);
  }

  private enter(next: OpenRoom, push: boolean): void {
    const before = this.room.peek();
    this.held.delete(next.id);
    this.held.set(next.id, next);
    this.editing.value = null;
    this.typedAt = 0;
    this.room.value = next;
    this.unseen.value = 0;
    if (before.id !== next.id) {
      before.disconnected();
      this.outbox.settle(before.id);
      this.conn.ask({ do: "close", room: before.id }).catch(() => {});
    }
    this.showAddress(push);
  }

  /** Joins a room by name, making it if there is none, and goes there. Fails with Refused or Lost. */
  async join(name: string): Promise<void> {
    await this.connected();
    const { room } = joined(await this.conn.ask({ do: "join", room: name }));
    await this.go({ id: room, name }, { push: true });
  }

  /** Has the address name the room and me as we are called now, as a new step of the browser's history or in place of this one. */
  private showAddress(push: boolean, name = this.room.peek().view.peek().info.name): void {
    const path = this.path(name);
    if (path === location.pathname) return;
    if (push) history.pushState(null, "", path);
    else history.replaceState(null, "", path + location.search + location.hash);
  }

  /** The person went back or forth, or to a message's address. */
  private followAddress(): void {
    const name = roomIn(location.pathname);
    const current = this.room.peek();
    if (name === undefined) return;
    const number = messageIn(location);
    const target: Target = number ?? "newest";
    if (name === current.view.peek().info.name) {
      if (number !== undefined) void current.jump(target);
      return;
    }
    const known = [...this.mine.peek().rooms, ...this.publicRooms.peek().rooms].find((r) => r.name === name);
    void this.go(known ?? { name }, { push: false, target });
  }

  // Messages.

  /** Sends a text to the room; it is kept until it has arrived. */
  send(text: string): void {
    const room = this.room.peek();
    this.outbox.add(room.id, text, room.view.peek().info.name);
    this.typedAt = 0;
    this.toNewest();
  }

  private async post({ room, key, text }: Entry): Promise<{ number: number; version: number }> {
    try {
      return posted(await this.conn.ask({ do: "post", room, key, text }));
    } catch (error) {
      if (error instanceof Refused && error.refusal.code === "unauthenticated") this.conn.end();
      throw error;
    }
  }

  /** Goes to the end of the room, and lets the address ask for nothing else. */
  toNewest(): void {
    if (location.search !== "" || location.hash !== "") history.replaceState(null, "", location.pathname);
    void this.room.peek().jump("newest");
  }

  retry(key: string): void {
    this.outbox.retry(key);
    this.conn.wake();
  }

  discard(key: string): Entry | undefined {
    return this.outbox.discard(key);
  }

  /** Begins to edit my message; without one, my last one in sight. Gives false when there is none, or it is still on its way. */
  edit(message?: Message): boolean {
    const me = this.me.peek().id;
    const room = this.room.peek();
    if (!message && this.entries.peek().some((e) => e.room === room.id && !e.trouble)) return false;
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
      if (text !== editing.text) await this.conn.ask({ do: "edit", room: this.room.peek().id, number, version, text });
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
      await this.conn.ask({ do: "delete", room: this.room.peek().id, number });
      if (this.editing.peek()?.number === number) this.editing.value = null;
    } catch (error) {
      tell(error instanceof Refused ? error.message : "Not deleted: there is no connection. Try again.");
    }
  }

  /** Whether I may delete a message: my own, and any as a moderator or above. */
  mayDelete(message: Message): boolean {
    const me = this.me.value;
    return message.by === me.id || ["moderator", "administrator", "owner"].includes(me.role ?? "");
  }

  /** Tells the room that I am typing, at most every three seconds, or that I have stopped. */
  typing(on: boolean): void {
    const now = Date.now();
    if (on ? now - this.typedAt < TYPING : this.typedAt === 0) return;
    this.typedAt = on ? now : 0;
    this.conn.ask({ do: "typing", room: this.room.peek().id, on }).catch(() => {});
  }
}

/** The beginning of a text, in one line. */
function clip(text: string): string {
  const line = text.replace(/\s+/gu, " ").trim();
  const letters = Array.from(line);
  return letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : line;
}
