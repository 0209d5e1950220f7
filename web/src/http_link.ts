// The link for networks that block WebSocket: each request is an HTTP request, and changes come by the feed that the tabs of this
// browser share. It speaks the socket's frames upwards, so that nothing else knows the difference.

import { API } from "./api.ts";
import { type Clock, realClock } from "./clock.ts";
import { type Feed, type Manner, openFeed } from "./feed.ts";
import type { Dial, Link, LinkEvents } from "./link.ts";
import { opened, type Request } from "./wire.ts";

export interface HTTPConfig {
  /** The user and the database that the page is of. */
  user: string;
  epoch: string;
  clock?: Clock;
  feed?: typeof openFeed;
}

const LOST = 1006;

/** The requests that go with reading and writing messages. */
type Talk = "open" | "history" | "people" | "post" | "edit" | "delete" | "typing" | "join" | "leave" | "ping" | "close";

type Fields = Record<string, string | number | boolean | undefined>;

function query(fields: Fields): URLSearchParams {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) all.set(name, `${value}`);
  return all;
}

/** The dialler by HTTP. What one link learns of the network the next one knows. */
export function dialHTTP({ user, epoch, clock = realClock, feed = openFeed }: HTTPConfig): Dial {
  const api = new API(user, epoch);
  const manner: Manner = { polling: false };
  return (events) => new HTTPLink(api, events, (frame, down) => feed(api, manner, clock, frame, down));
}

class HTTPLink implements Link {
  private readonly api: API;
  private readonly events: LinkEvents;
  private readonly feed: Feed;
  private readonly stop = new AbortController();
  private early: string[] | null = []; // frames that came before the hello

  constructor(api: API, events: LinkEvents, feed: (frame: (data: string) => void, down: (code: number) => void) => Feed) {
    this.api = api;
    this.events = events;
    this.feed = feed(
      (data) => (this.early ? this.early.push(data) : events.frame(data)),
      (code) => this.down(code),
    );
    void this.greet();
  }

  send(id: number, request: Request): void {
    void this.answer(id, request);
  }

  close(): void {
    this.stop.abort();
    this.feed.close();
  }

  private async greet(): Promise<void> {
    try {
      this.emit({ hello: await this.api.hello(this.stop.signal) });
    } catch {
      this.down(LOST);
      return;
    }
    const early = this.early ?? [];
    this.early = null;
    for (const data of early) if (!this.stop.signal.aborted) this.events.frame(data);
  }

  private async answer(id: number, request: Request): Promise<void> {
    try {
      const response = await this.ask(request);
      if (response?.status === 401) throw new Error("this browser is somebody else now, or nobody"); // the next hello says who
      const body: unknown = response === null ? {} : await response.json();
      if (response && !response.ok) {
        this.emit({ re: id, error: body });
        return;
      }
      this.emit({ re: id, ok: body });
      if (request.do === "open") this.follow(body);
    } catch {
      this.down(LOST);
    }
  }

  /** Follows what was opened, after its answer: what the feed brings comes on top of that. */
  private follow(body: unknown): void {
    if (this.stop.signal.aborted) return;
    const { room, version } = opened(body);
    this.feed.follow(room, version);
  }

  /** Null for what needs no answer of the server. */
  private async ask(request: Request): Promise<Response | null> {
    const room = "room" in request ? `/rooms/${encodeURIComponent(request.room)}` : "";
    switch (request.do) {
      case "open": {
        const { at, limit, around } = request;
        return this.get(room, { version: at?.version, epoch: at?.epoch, limit, around });
      }
      case "history":
        return this.get(`${room}/messages`, { before: request.before, after: request.after, limit: request.limit });
      case "people":
        return this.get("/people", { ids: request.users.join(",") });
      case "post":
        return this.fetch("POST", `${room}/messages`, { text: request.text }, { "Idempotency-Key": request.key });
      case "edit":
        return this.fetch("PATCH", `${room}/messages/${request.number}`, { text: request.text, version: request.version });
      case "delete":
        return this.fetch("DELETE", `${room}/messages/${request.number}`);
      case "typing":
        return this.fetch("POST", `${room}/typing`, { on: request.on });
      case "join":
      case "leave":
        return this.fetch("POST", `${room}/${request.do}`);
      case "ping":
        this.feed.check();
        return this.fetch("GET", "/me");
      case "close":
        this.feed.leave(request.room);
        return null;
      default:
        return this.act(request, room);
    }
  }

  /** What is done with rooms and the people in them. */
  private act(request: Exclude<Request, { do: Talk }>, path: string): Promise<Response> {
    switch (request.do) {
      case "create": {
        const { do: _, ...body } = request;
        return this.fetch("POST", "/rooms", body);
      }
      case "change": {
        const { do: _, room: __, ...body } = request;
        return this.fetch("PATCH", path, body);
      }
      case "drop":
        return this.fetch("DELETE", path);
      case "add":
        return this.fetch("POST", `${path}/members`, { users: request.users });
      case "remove":
        return this.fetch("DELETE", `${path}/members/${request.user}?${query({ ban: request.ban || undefined, why: request.why || undefined })}`);
      case "member": {
        const { do: _, room: __, user, ...body } = request;
        return this.fetch("PATCH", `${path}/members/${user}`, body);
      }
      case "members":
        return this.get(`${path}/members`, { after: request.after, banned: request.banned, limit: request.limit });
      case "find":
        return this.get("/people", { q: request.q });
      case "read":
        return this.fetch("POST", `${path}/read`, { number: request.number });
      case "notify":
        return this.fetch("POST", `${path}/notify`, { level: request.level });
      case "unread":
        return this.get("/unread", { rooms: request.rooms.join(",") });
      case "report":
        return this.fetch("POST", `${path}/messages/${request.number}/report`, { why: request.why });
      default:
        return request satisfies never;
    }
  }

  private get(path: string, fields: Fields): Promise<Response> {
    return this.fetch("GET", `${path}?${query(fields)}`);
  }

  private fetch(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.api.fetch(method, path, { body, headers, signal: this.stop.signal });
  }

  private emit(frame: unknown): void {
    if (!this.stop.signal.aborted) this.events.frame(JSON.stringify(frame));
  }

  private down(code: number): void {
    if (this.stop.signal.aborted) return;
    this.close();
    this.events.down(code);
  }
}
