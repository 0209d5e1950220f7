// A room that is open in this page: its fold, and what else moves in it.

import { batch, signal } from "@preact/signals";
import { Refused } from "./conn.ts";
import { beforePaint } from "./frames.ts";
import { Room, type RoomView } from "./room.ts";
import { type Change, type Here, opened, type Opened, page as readPage, type Person, type Request } from "./wire.ts";

/** How many messages a page of history has. */
const PAGE = 50;

export interface OpenRoomConfig {
  me: string;
  ask: (request: Request) => Promise<unknown>;
  learn: (people: readonly Person[]) => void;
  /** A message of this key, by me, has arrived. */
  seen: (key: string) => void;
  /** Somebody else said something new. */
  fresh: (room: OpenRoom, number: number) => void;
}

/** Why a room cannot be read any more: it was deleted, or I may not. */
export type Gone = "" | "deleted" | "removed";

/** Where the "New" line stands: before the first message of others after this one. `count` is how many were unread, 0 if they just came. */
export interface NewLine {
  after: number;
  count: number;
}

/** Where the list is to go: to a message, or to the end. */
export type Target = number | "newest";

export class OpenRoom {
  readonly id: string;
  readonly view;
  readonly typing = signal<readonly string[]>([]);
  readonly here = signal<Here | null>(null);
  readonly gone = signal<Gone>("");
  /** The server's words for why I may not read it, "" if there are none. */
  readonly why = signal("");
  readonly line = signal<NewLine | null>(null);
  /** A place the list has still to go to; the list clears it when it is there. */
  readonly target = signal<Target | null>(null);
  /** The message in the middle of the reader's screen, when that is not the end of the room. The list says it. */
  reading: number | undefined;

  private readonly config: OpenRoomConfig;
  private readonly room: Room;
  private readonly publish: () => void;
  private readonly arrived = new Set<string>(); // keys of my messages that the view does not show yet
  private readonly loading = new Set<"before" | "after">();

  constructor(snapshot: Opened, newest: boolean, config: OpenRoomConfig) {
    this.id = snapshot.room;
    this.config = config;
    this.room = new Room(snapshot, config.me, newest);
    this.view = signal<RoomView>(this.room.view);
    this.publish = beforePaint(() => this.show());
    config.learn(snapshot.people);
    this.gone.value = snapshot.info?.deleted === true ? "deleted" : "";
  }

  /** Follows the room from where this page stands. Called on every new connection. */
  async resume(): Promise<void> {
    const request: Request = { do: "open", room: this.id, limit: PAGE };
    if (this.gone.peek() === "") request.at = this.room.position; // who comes back takes nothing for known
    if (this.reading !== undefined) request.around = this.reading;
    await this.open(request);
  }

  /** Reads the room afresh, around a message or at its end. */
  async jump(target: Target): Promise<void> {
    if (target === "newest" ? !this.room.view.later : this.holds(target)) {
      this.target.value = target;
      return;
    }
    const request: Request = { do: "open", room: this.id, limit: PAGE };
    if (target !== "newest") request.around = target;
    if (await this.open(request)) this.target.value = target;
  }

  private async open(request: Request & { do: "open" }): Promise<boolean> {
    try {
      this.take(opened(await this.config.ask(request)), request.around === undefined);
      return true;
    } catch (error) {
      const code = error instanceof Refused ? error.refusal.code : "";
      this.why.value = error instanceof Refused && code === "forbidden" ? error.refusal.message : "";
      if (code === "forbidden" || (code === "not_found" && this.room.view.info.kind !== "public")) this.end("removed");
      else if (code === "not_found") this.end("deleted");
      return false;
    }
  }

  /** The room cannot be read any more. */
  end(why: Gone): void {
    this.gone.value = why;
    this.disconnected();
  }

  /** Takes a snapshot or what has changed. `newest` says that a snapshot is of the room's end. */
  take(answer: Opened, newest = true): void {
    this.config.learn(answer.people);
    for (const change of answer.changes) this.noteMessage(change);
    for (const m of answer.messages) if (m.key !== undefined && m.by === this.config.me) this.arrived.add(m.key);
    this.room.take(answer, newest);
    if (answer.reset) {
      if (newest) this.reading = undefined;
      if (newest && this.target.peek() === null) this.target.value = "newest";
    } else if (answer.changes.length > 0 && this.reading === undefined && !this.room.view.later) {
      this.room.trim(this.room.view.newest, PAGE); // who comes back to the end sees what a fresh page shows
    }
    this.gone.value = answer.info?.deleted === true ? "deleted" : "";
    this.show();
  }

  /** Brings the views up to date: a message on its way goes in the moment the real one comes. */
  private show(): void {
    batch(() => {
      this.view.value = this.room.view;
      for (const key of this.arrived) this.config.seen(key);
      this.arrived.clear();
    });
  }

  apply(change: Change): void {
    const fresh = this.room.apply(change);
    this.noteMessage(change);
    if (fresh && change.message && change.message.by !== this.config.me) this.config.fresh(this, change.message.number);
    if (change.member) this.config.learn([{ id: change.member.user, name: change.member.name }]);
    if (change.info?.deleted) this.end("deleted");
    this.publish();
  }

  private noteMessage({ message }: Change): void {
    if (!message) return;
    if (message.key !== undefined && message.by === this.config.me) this.arrived.add(message.key);
    if (this.typing.peek().includes(message.by)) this.typing.value = this.typing.peek().filter((id) => id !== message.by);
  }

  /** Whether the message is in the window. */
  private holds(number: number): boolean {
    return this.room.view.messages.some((m) => m.number === number);
  }

  /** Reads on, before or after the window. Does nothing while that is already under way, or when there is nothing more. */
  async load(side: "before" | "after"): Promise<void> {
    const more = side === "before" ? this.room.view.earlier : this.room.view.later;
    if (!more || this.loading.has(side)) return;
    this.loading.add(side);
    const edge = this.room.edge(side);
    const asked = this.room.ask();
    try {
      const request: Request = { do: "history", room: this.id, limit: PAGE };
      request[side] = edge;
      const page = readPage(await this.config.ask(request));
      this.config.learn(page.people);
      this.room.addPage(asked, side, edge, page);
    } catch {
      this.room.addPage(asked, side, edge, null);
    } finally {
      this.loading.delete(side);
    }
    this.show();
  }

  /** Keeps the page small: drops messages far from the one given. */
  trim(near: number): void {
    if (this.room.trim(near)) this.show();
  }

  /** What is true only while connected. */
  disconnected(): void {
    this.typing.value = [];
    this.here.value = null;
  }
}
