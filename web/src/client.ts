// The client: what this page knows and does, as signals that the views read and verbs that they call.

import { computed, signal } from "@preact/signals";
import { messageIn, roomIn, roomPath } from "./address.ts";
import { type Boot, isNewest } from "./boot.ts";
import { Conn, Lost, Refused, type State } from "./conn.ts";
import { Drafts } from "./drafts.ts";
import { Acts } from "./acts.ts";
import { answersHTTP, API } from "./api.ts";
import { Attention } from "./attention.ts";
import type { Dialog } from "./dialog.ts";
import { Editor } from "./editor.ts";
import { dialHTTP } from "./http_link.ts";
import type { Keep } from "./keep.ts";
import { dialSocket } from "./link.ts";
import { networkMemory } from "./memory.ts";
import { hush, tell } from "./notice.ts";
import { OpenRoom, type Target } from "./open_room.ts";
import { type Entry, Outbox, setAside } from "./outbox.ts";
import { People } from "./people.ts";
import { Rooms } from "./rooms.ts";
import { moderates, type Place } from "./standing.ts";
import { lists } from "./sidebar.ts";
import { segment, title } from "./titles.ts";
import { TabTurn } from "./turn.ts";
import { type Decided, type Frame, type Hello, type Here, joined, type Message, opened, people, type Posted, posted, type Request, type RoomEntry, type User } from "./wire.ts";

/** How many rooms stay held, so that going back to one is instant. */
const HELD = 8;
/** Milliseconds: how long a lost connection is nobody's business, and how often typing is told. */
const QUIET = 400;
const TYPING = 3_000;

const NO_CONNECTION = "There is no connection just now. The room opens when it is back.";

/** A room to go to: by its id if it is known, else by what its addresses begin with. */
export interface Destination {
  id?: string;
  name: string;
}

export class Client {
  readonly me;
  readonly rooms: Rooms;
  readonly limits;
  readonly room;
  readonly acts: Acts;
  readonly editor: Editor;
  readonly attention: Attention;
  /** What is asked of the person in a dialog. */
  readonly dialog = signal<Dialog | null>(null);
  readonly people: People;
  readonly drafts: Drafts;
  readonly entries = signal<readonly Entry[]>([]);
  /** The connection, as far as the person needs to know: "" when all is well. */
  readonly trouble = signal<"" | "waiting" | "offline" | "ended">("");
  /** The rooms with something of mine that waits for me. */
  readonly failed = computed(() => new Set(this.entries.value.filter(setAside).map((e) => e.room)));
  /** Another of my rooms has something that I want to be told of. */
  readonly news = computed(() => {
    const current = this.room.value.id;
    const shown = lists({ me: this.me.value.id, mine: this.rooms.mine.value.rooms, others: [], current, all: false });
    return [...shown.mine, ...shown.people].some((line) => line.bold && line.room.id !== current);
  });
  /** What could not be sent to rooms that are not here to be opened. */
  readonly stranded = computed(() => {
    const here = new Set([...this.rooms.mine.value.rooms, ...this.rooms.open.value.rooms].map(({ id }) => id));
    if (this.room.value.gone.value === "") here.add(this.room.value.id);
    return this.entries.value.filter((e) => setAside(e) && !here.has(e.room));
  });
  /** What decides what I may do in the room that is open. */
  readonly place = computed((): Place => {
    const { id, view } = this.room.value;
    const entry = this.rooms.mineOf(id);
    return { me: this.me.value, info: view.value.info, member: entry !== undefined || view.value.member, own: entry?.own, settings: this.rooms.settings.value };
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
    this.rooms = new Rooms(hello);
    this.limits = signal(hello.limits);
    const ask = (request: Request) => this.conn.ask(request);
    this.people = new People(async (users) => people(await ask({ do: "people", users })));
    const api = new API(user.id, hello.epoch);
    this.acts = new Acts(ask, api);
    this.editor = new Editor({
      me: () => this.me.peek().id,
      room: () => this.room.peek(),
      ask,
      busy: (id) => this.entries.peek().some((e) => e.room === id && !e.trouble && !e.held),
    });
    this.attention = new Attention({ rooms: this.rooms, ask, current: () => this.room.peek() });
    this.people.learn([user]);
    this.drafts = new Drafts(keep);
    this.conn = new Conn({
      socket: dialSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`),
      http: dialHTTP({ user: user.id, epoch: hello.epoch }),
      answersHTTP,
      memory: networkMemory(),
      mine: () => api.mine(),
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
    this.attention.enter(first);
  }

  /** Connects, and listens to the browser. */
  start(): void {
    addEventListener("online", () => this.conn.moved());
    addEventListener("offline", () => this.conn.wake());
    addEventListener("pageshow", (e) => e.persisted && this.conn.wake());
    document.addEventListener("visibilitychange", () => !document.hidden && this.conn.wake());
    this.attention.start();
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
    this.rooms.told(hello);
    this.attention.told(hello);
    this.limits.value = hello.limits;
    this.outbox.waiting(hello.me.held);
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
        if (frame.change.info && frame.change.room === this.room.peek().id) this.showAddress(false, frame.change.info);
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
        this.rooms.changed(frame.version, frame.room);
        if (frame.user) this.renamed(frame.user);
        if (frame.room) this.own(frame.room);
        if (frame.held) this.outbox.decided(frame.held);
        if (frame.decided) tell(verdict(frame.decided));
        break;
      case "hello":
        this.told(frame.hello);
        break;
      case "server":
        this.rooms.listed(frame.version, frame.room, frame.settings);
        if (frame.settings || (frame.room?.deleted && frame.room.id === this.room.peek().id)) void this.room.peek().resume(); // maybe I may not read it any more
        break;
      case "head":
        this.attention.head(frame.room);
        break;
      default:
    }
  }

  /** A room of mine is new, has changed, or is mine no longer: who was removed from a room holds nothing of it any more. */
  private own(entry: RoomEntry): void {
    const room = this.held.get(entry.id);
    if (!entry.left && !entry.deleted) {
      this.attention.heard(entry);
      if (room?.gone.peek() === "removed" && room === this.room.peek()) void room.resume();
      return;
    }
    if (!room) return;
    if (room !== this.room.peek()) this.held.delete(entry.id);
    else if (entry.kind !== "public") room.end(entry.deleted ? "deleted" : "removed");
    else void room.resume(); // a public room is read by others too, unless they are banned
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
      fresh: (of, number) => of === this.room.peek() && this.attention.fresh(of, number),
    });
    this.held.set(room.id, room);
    for (const id of this.held.keys()) {
      if (this.held.size <= HELD) break;
      if (id !== room.id) this.held.delete(id);
    }
    return room;
  }

  /** The address of a room for me. */
  path(room: { kind: string; name: string; address?: string }): string {
    return roomPath(segment(room), this.me.value.name);
  }

  /** What the room that is open is called. */
  title(room: OpenRoom = this.room.value): string {
    const { info } = room.view.value;
    return title(this.rooms.mineOf(room.id) ?? info, this.me.value.id);
  }

  /**
   * Goes to a room by id or name, at its end or at a message. Without a connection it goes to a room that is held; another one opens
   * when the connection is back.
   */
  async go(room: Destination, to: { push: boolean; target?: Target }): Promise<void> {
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
    this.editor.editing.value = null;
    this.dialog.value = null;
    this.typedAt = 0;
    this.attention.enter(next);
    this.room.value = next;
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

  /** Leaves the room that is open for another one: the first of mine, or any. */
  async goAway(): Promise<void> {
    const here = this.room.peek().id;
    const next = [...this.rooms.mine.peek().rooms, ...this.rooms.others.peek()].find((r) => r.id !== here && !r.archived);
    if (next) await this.go(next, { push: true });
    else location.assign("/");
  }

  /** Has the address name the room and me as we are called now, as a new step of the browser's history or in place of this one. */
  private showAddress(push: boolean, info = this.room.peek().view.peek().info): void {
    const path = this.path(info);
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
    if (name === segment(current.view.peek().info)) {
      if (number !== undefined) void current.jump(target);
      return;
    }
    void this.go(this.rooms.at(name) ?? { name }, { push: false, target });
  }

  // Messages.

  /** Sends a text to the room; it is kept until it has arrived. */
  send(text: string): void {
    const room = this.room.peek();
    this.outbox.add(room.id, text, this.title(room));
    room.line.value = null;
    this.typedAt = 0;
    this.toNewest();
  }

  private async post({ room, key, text }: Entry): Promise<Posted> {
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

  /** Until when the server lets the room wait for the next message, unix milliseconds; 0 when it does not. */
  pausedUntil(room: OpenRoom): number {
    return this.entries.value.length > 0 ? this.outbox.pausedUntil(room.id) : 0;
  }

  /** Whether I may delete a message: my own, and any as a moderator. */
  mayDelete(message: Message): boolean {
    return message.by === this.me.value.id || moderates(this.place.value);
  }

  /** Tells the room that I am typing, at most every three seconds, or that I have stopped. */
  typing(on: boolean): void {
    const now = Date.now();
    if (on ? now - this.typedAt < TYPING : this.typedAt === 0) return;
    this.typedAt = on ? now : 0;
    this.conn.ask({ do: "typing", room: this.room.peek().id, on }).catch(() => {});
  }
}

/** What I am told about a message that I reported. */
function verdict({ state, note }: Decided): string {
  const words = state === "upheld" ? "The moderators agreed with your report." : "The moderators looked at your report, and saw nothing wrong.";
  return note === "" ? words : `${words} “${note}”`;
}
