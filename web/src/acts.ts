// What people do with rooms and with each other. Each act fails with Refused or Lost.

import type { API } from "./api.ts";
import { Lost, Refused } from "./conn.ts";
import { fields, integer, list, string } from "./guard.ts";
import { created, type Joined, members } from "./answers.ts";
import { type Notify, people, type Person, refusal, type Request, type RoomChanges, type RoomEntry } from "./wire.ts";

/** How many members a page of them has. */
const PAGE = 100;

/** Who somebody is. */
export interface Profile extends Person {
  kind: string;
  role: string;
  bio: string;
  /** Since when, unix milliseconds; 0 when that is not told. */
  since: number;
}

/** A link that lets people in. */
export interface Invite {
  id: string;
  url: string;
  expires: number;
  uses: number;
  used: number;
  note: string;
  /** It lets somebody in as yet. */
  open: boolean;
}

export class Acts {
  private readonly ask: (request: Request) => Promise<unknown>;
  private readonly api: API;

  constructor(ask: (request: Request) => Promise<unknown>, api: API) {
    this.ask = ask;
    this.api = api;
  }

  // Rooms.

  async create(room: { kind: string; name?: string; topic?: string; users?: string[] }): Promise<RoomEntry> {
    return created(await this.ask({ do: "create", ...room }));
  }

  async change(room: string, changes: RoomChanges): Promise<void> {
    await this.ask({ do: "change", room, ...changes });
  }

  async drop(room: string): Promise<void> {
    await this.ask({ do: "drop", room });
  }

  async leave(room: string): Promise<void> {
    await this.ask({ do: "leave", room });
  }

  async join(room: string): Promise<void> {
    await this.ask({ do: "join", room });
  }

  async notify(room: string, level: Notify): Promise<void> {
    await this.ask({ do: "notify", room, level });
  }

  // The people in them.

  async members(room: string, after?: string, banned = false): Promise<{ members: Joined[]; more: boolean }> {
    const request: Request = { do: "members", room, limit: PAGE };
    if (after !== undefined) request.after = after;
    if (banned) request.banned = true;
    return members(await this.ask(request));
  }

  async add(room: string, users: string[]): Promise<void> {
    await this.ask({ do: "add", room, users });
  }

  async remove(room: string, user: string, { ban, why }: { ban: boolean; why: string }): Promise<void> {
    await this.ask({ do: "remove", room, user, ban, why });
  }

  async appoint(room: string, user: string, role: "moderator" | ""): Promise<void> {
    await this.ask({ do: "member", room, user, role });
  }

  async unban(room: string, user: string): Promise<void> {
    await this.ask({ do: "member", room, user, banned: false });
  }

  /** Keeps somebody from speaking until a moment, unix milliseconds; 0 lets them speak again. In a room, or without one everywhere. */
  async mute(room: string | null, user: string, until: number, why: string): Promise<void> {
    if (room === null) await this.call("PATCH", `/users/${user}`, { muted_until: until, why });
    else await this.ask({ do: "member", room, user, muted_until: until, why });
  }

  async report(room: string, number: number, why: string): Promise<void> {
    await this.ask({ do: "report", room, number, why });
  }

  async find(q: string): Promise<Person[]> {
    return people(await this.ask({ do: "find", q }));
  }

  async profile(user: string): Promise<Profile> {
    const body = fields(await this.call("GET", `/users/${user}`), "profile");
    const f = body.user === undefined ? body : fields(body.user, "user");
    const word = (field: string) => (typeof f[field] === "string" ? f[field] : "");
    const since = typeof f.created_at === "number" ? f.created_at : 0;
    return { id: string(f, "id"), name: string(f, "name"), kind: word("kind"), role: word("role"), bio: word("bio"), since };
  }

  // Invitations.

  async invite(grant: { room: string; expires_at?: number; uses?: number }): Promise<Invite> {
    return invitation(fields(await this.call("POST", "/invites", grant), "answer").invite);
  }

  /** The links of a room that let somebody in as yet, the newest first. */
  async invites(room: string): Promise<Invite[]> {
    const all = list(fields(await this.call("GET", `/invites?room=${encodeURIComponent(room)}`), "answer"), "invites", invitation);
    return all.filter(({ open }) => open);
  }

  async withdraw(invite: string): Promise<void> {
    await this.call("DELETE", `/invites/${encodeURIComponent(invite)}`);
  }

  /** Asks over HTTP, for what the socket has no verb for. */
  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    let response: Response;
    let answer: unknown;
    try {
      response = await this.api.fetch(method, path, body === undefined ? {} : { body });
      answer = response.status === 204 ? {} : await response.json();
    } catch {
      throw new Lost("no answer");
    }
    if (!response.ok) throw new Refused(refusal(answer));
    return answer;
  }
}

function invitation(value: unknown): Invite {
  const f = fields(value, "invite");
  const count = (field: string) => (typeof f[field] === "number" ? f[field] : 0);
  const [expires, uses, used] = [count("expires_at"), count("uses"), count("used")];
  return {
    id: `${integer(f, "id")}`,
    url: typeof f.url === "string" ? f.url : "",
    expires,
    uses,
    used,
    note: typeof f.note === "string" ? f.note : "",
    open: f.revoked !== true && (expires === 0 || expires > Date.now()) && (uses === 0 || used < uses),
  };
}
