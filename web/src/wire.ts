// The frames of docs/protocol.md as types, and the guards that let nothing else in. Fields that are not known are ignored, so
// that a newer server can say more.

import { type Fields, fields, integer, list, Malformed, string, text } from "./guard.ts";

export { Malformed };

export interface Person {
  id: string;
  name: string;
}

export interface User extends Person {
  kind?: string;
  role?: string;
  bio?: string;
  /** Unix milliseconds: speaks nowhere before. */
  mutedUntil?: number;
}

/** What I want to be told of a room: everything, or less. */
export type Notify = "" | "mentions" | "nothing" | "hidden";

/** What is my own about a room that I am in. */
export interface Own {
  /** "moderator": of this room. */
  role?: string;
  /** Everything up to this message has been read. */
  read: number;
  /** Others' messages above it; 100 stands for more. */
  unread: number;
  /** How many of these name me. */
  mentions: number;
  notify: Notify;
  /** Unix milliseconds: I may not speak there before. */
  mutedUntil?: number;
}

export interface RoomEntry {
  id: string;
  name: string;
  kind: string;
  here?: number;
  left?: boolean;
  deleted?: boolean;
  /** Of a private or direct room: what its addresses begin with, "~…". */
  address?: string;
  archived?: boolean;
  /** Who is in a direct room. */
  people?: Person[];
  /** Of my own list; absent where it says nothing about it. */
  own?: Own;
}

export interface RoomInfo {
  name: string;
  kind: string;
  topic: string;
  members: number;
  deleted?: boolean;
  address?: string;
  description?: string;
  archived?: boolean;
  /** Seconds between two messages of one person. */
  slow?: number;
  /** Of a public room: only its members read it. */
  noPreview?: boolean;
}

export interface Message {
  number: number;
  version: number;
  by: string;
  key?: string;
  /** When it was posted, unix milliseconds; absent when nobody knows. */
  at?: number;
  edited?: number;
  deleted?: boolean;
  text: string;
}

export interface Member {
  user: string;
  name: string;
  joined: boolean;
  role?: string;
}

/** A room's change: the whole new state of one thing. */
export interface Change {
  room: string;
  version: number;
  message?: Message;
  member?: Member;
  members?: number;
  info?: RoomInfo;
}

export interface Position {
  epoch: string;
  version: number;
}

/** The answer to `open`: a snapshot when reset is true, else what changed since the position. */
export interface Opened {
  room: string;
  epoch: string;
  version: number;
  number: number;
  reset: boolean;
  changes: Change[];
  info?: RoomInfo;
  member: boolean;
  messages: Message[];
  people: Person[];
  more: boolean;
}

export interface Page {
  room: string;
  version: number;
  messages: Message[];
  people: Person[];
  more: boolean;
}

export interface Here {
  count: number;
  people: Person[];
}

export interface Limits {
  text: number;
  name: number;
  room: number;
  frame: number;
  behind: number;
}

/** A text of mine that waits for approval, or waits no more. */
export interface Held {
  id: string;
  key: string;
  gone: boolean;
  /** Of the message that it has become. */
  number?: number;
}

/** What was decided about a message that I reported. */
export interface Decided {
  state: string;
  note: string;
}

/** What an administrator decided for the whole server, as far as a page needs to know. */
export interface Settings {
  /** From which role on public rooms are made; "" for everybody. */
  createRooms: string;
  guestsMayNotPost: boolean;
  /** "", or "no_guests", "members_only", "read_only". */
  lockdown: string;
}

export interface Hello {
  epoch: string;
  me: { user: User; rooms: RoomEntry[]; version: number; held: Held[] } | null;
  server: { rooms: RoomEntry[]; version: number };
  settings: Settings;
  limits: Limits;
}

/** Why a request was refused. */
export interface Refusal {
  code: string;
  message: string;
  field?: string;
  /** Seconds to wait, with rate_limited. */
  retryAfter?: number;
  /** Unix milliseconds: until when one is muted. */
  until?: number;
  /** The text and version now, with conflict. */
  text?: string;
  version?: number;
}

export type Frame =
  | { is: "hello"; hello: Hello }
  | { is: "answer"; re: number; ok: unknown }
  | { is: "refusal"; re: number; error: Refusal }
  | { is: "change"; change: Change }
  | { is: "reset"; reset: Opened }
  | { is: "me"; version: number; user?: User; room?: RoomEntry; held?: Held; decided?: Decided }
  | { is: "server"; version: number; room?: RoomEntry; settings?: Settings }
  | { is: "head"; room: string; version: number; number: number }
  | { is: "typing"; room: string; users: string[] }
  | { is: "here"; room: string; here: Here };

/** What can be changed of a room itself. */
export interface RoomChanges {
  name?: string;
  topic?: string;
  description?: string;
  archived?: boolean;
  slow?: number;
  no_preview?: boolean;
  kind?: string;
}

/** What a client asks for; `do` names the verb. */
export type Request =
  | { do: "open"; room: string; at?: Position; limit?: number; around?: number }
  | { do: "close"; room: string }
  | { do: "post"; room: string; key: string; text: string }
  | { do: "edit"; room: string; number: number; version: number; text: string }
  | { do: "delete"; room: string; number: number }
  | { do: "typing"; room: string; on: boolean }
  | { do: "history"; room: string; before?: number; after?: number; limit?: number }
  | { do: "join"; room: string }
  | { do: "leave"; room: string }
  | { do: "people"; users: string[] }
  | { do: "create"; kind: string; name?: string; topic?: string; description?: string; users?: string[] }
  | ({ do: "change"; room: string } & RoomChanges)
  | { do: "drop"; room: string }
  | { do: "add"; room: string; users: string[] }
  | { do: "remove"; room: string; user: string; ban?: boolean; why?: string }
  | { do: "member"; room: string; user: string; role?: string; muted_until?: number; banned?: boolean; why?: string }
  | { do: "members"; room: string; after?: string; banned?: boolean; limit?: number }
  | { do: "find"; q: string }
  | { do: "read"; room: string; number: number }
  | { do: "notify"; room: string; level: Notify }
  | { do: "unread"; rooms: string[] }
  | { do: "report"; room: string; number: number; why: string }
  | { do: "ping" };

function person(value: unknown): Person {
  const f = fields(value, "person");
  return { id: string(f, "id"), name: string(f, "name") };
}

function user(value: unknown): User {
  const f = fields(value, "user");
  const u: User = { id: string(f, "id"), name: string(f, "name") };
  if (typeof f.kind === "string") u.kind = f.kind;
  if (typeof f.role === "string") u.role = f.role;
  if (typeof f.bio === "string") u.bio = f.bio;
  if (typeof f.muted_until === "number") u.mutedUntil = f.muted_until;
  return u;
}

const LEVELS: ReadonlySet<unknown> = new Set(["mentions", "nothing", "hidden"]);

/** What is my own in an entry; one without `read` says nothing about it. */
function own(f: Fields): Own | undefined {
  if (f.read === undefined) return undefined;
  const o: Own = {
    read: integer(f, "read"),
    unread: f.unread === undefined ? 0 : integer(f, "unread"),
    mentions: f.mentions === undefined ? 0 : integer(f, "mentions"),
    notify: LEVELS.has(f.notify) ? (f.notify as Notify) : "",
  };
  if (typeof f.role === "string") o.role = f.role;
  if (typeof f.muted_until === "number") o.mutedUntil = f.muted_until;
  return o;
}

/** Reads a line in a list of rooms. */
export function roomEntry(value: unknown): RoomEntry {
  const f = fields(value, "room");
  const r: RoomEntry = { id: string(f, "id"), name: string(f, "name"), kind: string(f, "kind") };
  if (typeof f.here === "number") r.here = f.here;
  if (f.left === true) r.left = true;
  if (f.deleted === true) r.deleted = true;
  if (typeof f.address === "string") r.address = f.address;
  if (f.archived === true) r.archived = true;
  if (f.people !== undefined) r.people = list(f, "people", person);
  const mine = own(f);
  if (mine) r.own = mine;
  return r;
}

function roomInfo(value: unknown): RoomInfo {
  const f = fields(value, "info");
  const info: RoomInfo = {
    name: string(f, "name"),
    kind: string(f, "kind"),
    topic: typeof f.topic === "string" ? f.topic : "",
    members: integer(f, "members"),
  };
  if (f.deleted === true) info.deleted = true;
  if (typeof f.address === "string") info.address = f.address;
  if (typeof f.description === "string") info.description = f.description;
  if (f.archived === true) info.archived = true;
  if (typeof f.slow === "number") info.slow = f.slow;
  if (f.no_preview === true) info.noPreview = true;
  return info;
}

/** A message; inside a change the version stands outside of it. */
function message(value: unknown, version?: number): Message {
  const f = fields(value, "message");
  const m: Message = {
    number: integer(f, "number"),
    version: version ?? integer(f, "version"),
    by: string(f, "by"),
    text: typeof f.text === "string" ? f.text : "",
  };
  if (typeof f.key === "string") m.key = f.key;
  if (typeof f.at === "number") m.at = f.at;
  if (typeof f.edited === "number") m.edited = f.edited;
  if (f.deleted === true) m.deleted = true;
  return m;
}

function member(value: unknown): Member {
  const f = fields(value, "member");
  const m: Member = { user: string(f, "user"), name: string(f, "name"), joined: f.joined === true };
  if (typeof f.role === "string") m.role = f.role;
  return m;
}

function change(value: unknown): Change {
  const f = fields(value, "change");
  const c: Change = { room: string(f, "room"), version: integer(f, "version") };
  if (f.message !== undefined) c.message = message(f.message, c.version);
  if (f.member !== undefined) c.member = member(f.member);
  if (f.members !== undefined) c.members = integer(f, "members");
  if (f.info !== undefined) c.info = roomInfo(f.info);
  return c;
}

/** Reads the answer to `open`, or what an unasked reset holds. */
export function opened(value: unknown): Opened {
  const f = fields(value, "opened");
  const o: Opened = {
    room: string(f, "room"),
    epoch: string(f, "epoch"),
    version: integer(f, "version"),
    number: integer(f, "number"),
    reset: f.reset === true,
    changes: list(f, "changes", change),
    member: f.member === true,
    messages: list(f, "messages", (m) => message(m)),
    people: list(f, "people", person),
    more: f.more === true,
  };
  if (f.info !== undefined) o.info = roomInfo(f.info);
  if (o.reset && !o.info) throw new Malformed("a reset without info");
  return o;
}

/** Reads the answer to `history`. */
export function page(value: unknown): Page {
  const f = fields(value, "page");
  return {
    room: string(f, "room"),
    version: integer(f, "version"),
    messages: list(f, "messages", (m) => message(m)),
    people: list(f, "people", person),
    more: f.more === true,
  };
}

/** What became of a post: a message, or a text that waits for approval. */
export type Posted = { number: number; version: number } | { held: string };

/** Reads the answer to `post`. */
export function posted(value: unknown): Posted {
  const f = fields(value, "posted");
  if (f.held !== undefined) return { held: `${integer(f, "held")}` };
  return { number: integer(f, "number"), version: integer(f, "version") };
}

/** Reads the answer to `people`. */
export function people(value: unknown): Person[] {
  return list(fields(value, "people"), "people", person);
}

/** Reads the answer to `join` and `leave`. */
export function joined(value: unknown): { room: string; version: number } {
  const f = fields(value, "joined");
  return { room: string(f, "room"), version: integer(f, "version") };
}

/** Reads the object inside a hello frame, which `GET /api/v1/me` answers too. */
export function hello(value: unknown): Hello {
  const f = fields(value, "hello");
  const server = fields(f.server, "server");
  const limits = fields(f.limits, "limits");
  let me: Hello["me"] = null;
  if (f.me !== null && f.me !== undefined) {
    const mine = fields(f.me, "me");
    me = { user: user(mine.user), rooms: list(mine, "rooms", roomEntry), version: integer(mine, "version"), held: list(mine, "held", held) };
  }
  return {
    epoch: string(f, "epoch"),
    me,
    server: { rooms: list(server, "rooms", roomEntry), version: integer(server, "version") },
    settings: settings(server.settings ?? {}),
    limits: {
      text: integer(limits, "text"),
      name: integer(limits, "name"),
      room: integer(limits, "room"),
      frame: integer(limits, "frame"),
      behind: integer(limits, "behind"),
    },
  };
}

function settings(value: unknown): Settings {
  const f = fields(value, "settings");
  return {
    createRooms: typeof f.create_rooms === "string" ? f.create_rooms : "",
    guestsMayNotPost: f.guests_may_not_post === true,
    lockdown: typeof f.lockdown === "string" ? f.lockdown : "",
  };
}

/** Reads an error, from a frame or from a problem document. */
export function refusal(value: unknown): Refusal {
  const f = fields(value, "error");
  const r: Refusal = { code: string(f, "code"), message: typeof f.message === "string" ? f.message : "" };
  if (!r.message && typeof f.detail === "string") r.message = f.detail;
  if (typeof f.field === "string") r.field = f.field;
  if (typeof f.retry_after === "number") r.retryAfter = f.retry_after;
  if (typeof f.until === "number") r.until = f.until;
  if (typeof f.text === "string") r.text = f.text;
  if (typeof f.version === "number") r.version = f.version;
  return r;
}

/** Reads one frame of the server; null for a kind that is not known. Throws Malformed. */
export function frame(data: string): Frame | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    throw new Malformed("not JSON");
  }
  const f = fields(parsed, "frame");
  if (f.re !== undefined) {
    if (f.error !== undefined) return { is: "refusal", re: integer(f, "re"), error: refusal(f.error) };
    return { is: "answer", re: integer(f, "re"), ok: f.ok };
  }
  if (f.hello !== undefined) return { is: "hello", hello: hello(f.hello) };
  if (f.reset !== undefined) return { is: "reset", reset: opened(f.reset) };
  if (f.me !== undefined) return ofMine(f);
  if (f.server !== undefined) return ofServer(f);
  if (f.room === undefined) return null;
  if (f.version !== undefined) return { is: "change", change: change(f) };
  if (f.typing !== undefined) return { is: "typing", room: string(f, "room"), users: list(f, "typing", text) };
  if (f.here !== undefined) {
    const here = fields(f.here, "here");
    return { is: "here", room: string(f, "room"), here: { count: integer(here, "count"), people: list(here, "people", person) } };
  }
  if (f.head !== undefined) {
    const head = fields(f.head, "head");
    return { is: "head", room: string(f, "room"), version: integer(head, "version"), number: integer(head, "number") };
  }
  return null;
}

function held(value: unknown): Held {
  const f = fields(value, "held");
  const h: Held = { id: `${integer(f, "id")}`, key: typeof f.key === "string" ? f.key : "", gone: f.gone === true };
  if (typeof f.number === "number") h.number = f.number;
  return h;
}

function ofMine(f: Fields): Frame {
  const inside = fields(f.me, "me");
  const result: Frame & { is: "me" } = { is: "me", version: integer(f, "version") };
  if (inside.user !== undefined) result.user = user(inside.user);
  if (inside.room !== undefined) result.room = roomEntry(inside.room);
  if (inside.held !== undefined) result.held = held(inside.held);
  if (inside.report !== undefined) {
    const report = fields(inside.report, "report");
    result.decided = { state: string(report, "state"), note: typeof report.note === "string" ? report.note : "" };
  }
  return result;
}

function ofServer(f: Fields): Frame {
  const inside = fields(f.server, "server");
  const result: Frame & { is: "server" } = { is: "server", version: integer(f, "version") };
  if (inside.room !== undefined) result.room = roomEntry(inside.room);
  if (inside.settings !== undefined) result.settings = settings(inside.settings);
  return result;
}
