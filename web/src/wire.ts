// The frames of docs/protocol.md as types, and the guards that let nothing else in. Fields that are not known are ignored, so
// that a newer server can say more.

export interface Person {
  id: string;
  name: string;
}

export interface User extends Person {
  kind?: string;
  role?: string;
}

export interface RoomEntry {
  id: string;
  name: string;
  kind: string;
  here?: number;
  left?: boolean;
  deleted?: boolean;
}

export interface RoomInfo {
  name: string;
  kind: string;
  topic: string;
  members: number;
  deleted?: boolean;
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

export interface Hello {
  epoch: string;
  me: { user: User; rooms: RoomEntry[]; version: number } | null;
  server: { rooms: RoomEntry[]; version: number };
  limits: Limits;
}

/** Why a request was refused. */
export interface Refusal {
  code: string;
  message: string;
  field?: string;
  /** Seconds to wait, with rate_limited. */
  retryAfter?: number;
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
  | { is: "me"; version: number; user?: User; room?: RoomEntry }
  | { is: "server"; version: number; room?: RoomEntry }
  | { is: "typing"; room: string; users: string[] }
  | { is: "here"; room: string; here: Here };

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
  | { do: "ping" };

/** Thrown by the guards: what came is not what the protocol says. */
export class Malformed extends Error {
  override name = "Malformed";
}

type Fields = Record<string, unknown>;

function fields(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Malformed(`${what} is not an object`);
  return value as Fields;
}

function string(of: Fields, field: string): string {
  const value = of[field];
  if (typeof value !== "string") throw new Malformed(`${field} is not a string`);
  return value;
}

function integer(of: Fields, field: string): number {
  const value = of[field];
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new Malformed(`${field} is not an integer`);
  return value;
}

/** A list that may be absent. */
function list<T>(of: Fields, field: string, one: (value: unknown) => T): T[] {
  const value = of[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Malformed(`${field} is not a list`);
  return value.map(one);
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new Malformed("not a string");
  return value;
}

function person(value: unknown): Person {
  const f = fields(value, "person");
  return { id: string(f, "id"), name: string(f, "name") };
}

function user(value: unknown): User {
  const f = fields(value, "user");
  const u: User = { id: string(f, "id"), name: string(f, "name") };
  if (typeof f.kind === "string") u.kind = f.kind;
  if (typeof f.role === "string") u.role = f.role;
  return u;
}

function roomEntry(value: unknown): RoomEntry {
  const f = fields(value, "room");
  const r: RoomEntry = { id: string(f, "id"), name: string(f, "name"), kind: string(f, "kind") };
  if (typeof f.here === "number") r.here = f.here;
  if (f.left === true) r.left = true;
  if (f.deleted === true) r.deleted = true;
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
  return { user: string(f, "user"), name: string(f, "name"), joined: f.joined === true };
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

/** Reads the answer to `post`. */
export function posted(value: unknown): { number: number; version: number } {
  const f = fields(value, "posted");
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
    me = { user: user(mine.user), rooms: list(mine, "rooms", roomEntry), version: integer(mine, "version") };
  }
  return {
    epoch: string(f, "epoch"),
    me,
    server: { rooms: list(server, "rooms", roomEntry), version: integer(server, "version") },
    limits: {
      text: integer(limits, "text"),
      name: integer(limits, "name"),
      room: integer(limits, "room"),
      frame: integer(limits, "frame"),
      behind: integer(limits, "behind"),
    },
  };
}

/** Reads an error, from a frame or from a problem document. */
export function refusal(value: unknown): Refusal {
  const f = fields(value, "error");
  const r: Refusal = { code: string(f, "code"), message: typeof f.message === "string" ? f.message : "" };
  if (!r.message && typeof f.detail === "string") r.message = f.detail;
  if (typeof f.field === "string") r.field = f.field;
  if (typeof f.retry_after === "number") r.retryAfter = f.retry_after;
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
  return null;
}

function ofMine(f: Fields): Frame {
  const inside = fields(f.me, "me");
  const result: Frame = { is: "me", version: integer(f, "version") };
  if (inside.user !== undefined) result.user = user(inside.user);
  if (inside.room !== undefined) result.room = roomEntry(inside.room);
  return result;
}

function ofServer(f: Fields): Frame {
  const inside = fields(f.server, "server");
  const result: Frame = { is: "server", version: integer(f, "version") };
  if (inside.room !== undefined) result.room = roomEntry(inside.room);
  return result;
}
