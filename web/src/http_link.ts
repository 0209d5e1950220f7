// The link for networks that block WebSocket: each request is an HTTP request, changes come as server-sent events. It speaks the
// socket's frames upwards, so that nothing else knows the difference. Typing is not told this way.

import type { Dial, LinkEvents } from "./link.ts";
import type { Position, Request } from "./wire.ts";

const API = "/api/v1";

/** The code of the refusal of what only the server's own pages can do without a socket: joining a room by name. */
export const BY_PAGE = "by_page";

/** Milliseconds: how long a server that is there may take to say so. */
const PATIENCE = 5_000;

/** Tells whether the server answers plain HTTP. */
export async function answersHTTP(): Promise<boolean> {
  try {
    return (await fetch(`${API}/me`, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).ok;
  } catch {
    return false;
  }
}

/** Dials by HTTP. */
export const dialHTTP: Dial = (events) => {
  const link = new HTTPLink(events);
  void link.start();
  return link;
};

class HTTPLink {
  private readonly events: LinkEvents;
  private readonly stop = new AbortController();
  private readonly follows = new Map<string, EventSource>();

  constructor(events: LinkEvents) {
    this.events = events;
  }

  async start(): Promise<void> {
    try {
      const response = await this.fetch("GET", "/me");
      if (!response.ok) throw new Error(response.statusText);
      this.emit({ hello: await response.json() });
    } catch {
      this.down();
    }
  }

  send(id: number, request: Request): void {
    if (request.do === "open") this.follow(id, request.room, request.at);
    else void this.request(id, request);
  }

  close(): void {
    this.stop.abort();
    for (const source of this.follows.values()) source.close();
    this.follows.clear();
  }

  private async request(id: number, request: Request): Promise<void> {
    try {
      const response = await this.dispatch(request);
      if (response === null) {
        this.emit({ re: id, ok: {} });
        return;
      }
      const body: unknown = await response.json();
      this.emit(response.ok ? { re: id, ok: body } : { re: id, error: body });
    } catch {
      this.down();
    }
  }

  /** Null for what needs no request. */
  private async dispatch(request: Request): Promise<Response | null> {
    const messages = "room" in request ? `/rooms/${encodeURIComponent(request.room)}/messages` : "";
    switch (request.do) {
      case "post":
        return this.fetch("POST", messages, { text: request.text }, { "Idempotency-Key": request.key });
      case "edit":
        return this.fetch("PATCH", `${messages}/${request.number}`, { text: request.text, version: request.version });
      case "delete":
        return this.fetch("DELETE", `${messages}/${request.number}`);
      case "history": {
        const query = new URLSearchParams({ limit: String(request.limit ?? 50) });
        if (request.before !== undefined) query.set("before", String(request.before));
        if (request.after !== undefined) query.set("after", String(request.after));
        return this.fetch("GET", `${messages}?${query}`);
      }
      case "ping":
        return this.fetch("GET", "/me");
      case "close":
        this.follows.get(request.room)?.close();
        this.follows.delete(request.room);
        return null;
      case "join":
        return Response.json({ code: BY_PAGE, message: "Joining goes by the join page." }, { status: 501 });
      default:
        return null;
    }
  }

  /** Opens the stream of a room. Without a position an epoch that never was asks for a reset, which is the answer. */
  private follow(id: number, room: string, at: Position | undefined): void {
    this.follows.get(room)?.close();
    const query = new URLSearchParams({ at: `${room}:${at?.version ?? 0}`, epoch: at?.epoch ?? "-" });
    const source = new EventSource(`${API}/changes?${query}`);
    this.follows.set(room, source);
    let answered = false;
    source.addEventListener("open", () => {
      if (at && !answered) this.emit({ re: id, ok: { room, ...at, number: 0 } });
      if (at) answered = true;
    });
    source.addEventListener("message", (e: MessageEvent<string>) => {
      if (!answered && e.data.startsWith('{"reset"')) {
        answered = true;
        this.emit({ re: id, ok: (JSON.parse(e.data) as { reset: unknown }).reset });
      } else this.events.frame(e.data);
    });
    source.addEventListener("error", () => this.down());
  }

  private fetch(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response> {
    const init: RequestInit = { method, cache: "no-store", signal: this.stop.signal };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { "Content-Type": "application/json", ...headers };
    }
    return fetch(API + path, init);
  }

  private emit(frame: unknown): void {
    if (!this.stop.signal.aborted) this.events.frame(JSON.stringify(frame));
  }

  private down(): void {
    if (this.stop.signal.aborted) return;
    this.close();
    this.events.down(1006);
  }
}
