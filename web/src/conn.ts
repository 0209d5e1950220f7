// The connection: one link after the other, each request matched with its answer by id.
//
// A link that is lost is dialled again, the first time within 250 ms, then with growing, jittered waits, and at once when the
// browser comes online or the page comes to the front. After an upgrade that failed, the server is first asked by HTTP whether it
// is there, because browsers slow down pages whose WebSockets fail often. Where two upgrades fail although it was there, one hangs, or
// sockets die young, the links go by HTTP, until a socket that is tried beside them comes through (upgrade.ts). What was asked on
// a lost link fails with Lost; asking again is up to who asked.

import { Backoff } from "./backoff.ts";
import { type Clock, realClock } from "./clock.ts";
import type { Dial, Link, LinkEvents } from "./link.ts";
import { type Through, Upgrade } from "./upgrade.ts";
import { frame, type Frame, type Hello, Malformed, type Refusal, type Request } from "./wire.ts";

export type { Clock };

export type State =
  | "connecting" // a link is being made
  | "online" // the server has said hello
  | "waiting" // the link is lost, the next try is planned
  | "ended"; // the session is over; nothing is tried any more

/** The server refused a request. */
export class Refused extends Error {
  override name = "Refused";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message || refusal.code);
    this.refusal = refusal;
  }
}

/** There is no connection, or it was lost before the answer. Whether the request was carried out is not known. */
export class Lost extends Error {
  override name = "Lost";
}

export interface ConnConfig {
  socket: Dial;
  /** The way round a network that blocks WebSocket, and the question whether the server answers there. It ends within seconds. */
  http?: Dial;
  answersHTTP?: () => Promise<boolean>;
  /** Remembers, for the pages to come, that the network blocks WebSocket. */
  memory?: { blocked: boolean };
  /** Asks whether this browser is the same person's still, by another session. It ends within seconds. */
  mine?: () => Promise<boolean>;
  clock?: Clock;
  random?: () => number;
  /** A link begins. */
  hello: (hello: Hello) => void;
  /** All frames but answers and the hello that a link begins with. */
  frame: (frame: Frame) => void;
  state: (state: State) => void;
}

/** Milliseconds. */
const HELLO = 8_000; // for the server's hello
const IMPATIENT = 3_000; // for that of a socket, where there is another way, or it is likely that one that hangs is an accident
const YOUNG = 5_000; // a socket that dies before that may have been cut by the network
const ANSWER = 10_000; // for an answer; a link that gives none is taken to be dead
const PROBE = 3_000; // for the answer to the ping after waking up
const SILENCE = 25_000; // without any frame, until a ping is sent

const SESSION_ENDED = 4001;
/** Milliseconds after which it is asked whether there is another session by now. */
const ANEW = [1_000, 4_000];
const CALM_DOWN = new Set([1002, 1003, 1007, 1009, 1011, 4008]);

/** In so many tries after a loss a socket that hangs is taken for an accident. */
const ACCIDENTS = 3;
/** So many upgrades that failed say that the network blocks WebSocket; so many sockets in a row that died young say so too. */
const BLOCKED = 2;
const CUT = 3;

interface Asked {
  resolve: (ok: unknown) => void;
  reject: (error: Error) => void;
  deadline: unknown;
}

export class Conn {
  private readonly config: ConnConfig;
  private readonly clock: Clock;
  private readonly backoff: Backoff;
  private readonly asked = new Map<number, Asked>();
  private now: State = "waiting";
  private link: Link | null = null;
  private attempt = 0; // which link the events belong to
  private nextID = 1;
  private timer: unknown = null; // of the state: the hello deadline, the next try, or the silence
  private there = true; // the server was there when the link was dialled: it has just sent the page, or answered HTTP
  private failed = false; // the last upgrade failed, so that the server is to be asked by HTTP first
  private blocked = 0; // how many upgrades have failed although the server was there; from 2 on links go by HTTP
  private young = 0; // how many sockets in a row have died young
  private grown: unknown; // timer: until the socket is not young any more
  private isYoung = false;
  private worked = false; // a socket of this page has grown old
  private tries = 0; // since the last hello
  private byHTTP = false;
  private known = false; // the links go by HTTP, and did so with success
  private remembered = false; // what an earlier page knew is not found out anew yet
  private readonly upgrade: Upgrade;
  private through: Through | null = null; // a socket that waits until what was asked by HTTP is answered

  constructor(config: ConnConfig) {
    this.config = config;
    this.clock = config.clock ?? realClock;
    this.backoff = new Backoff(config.random);
    this.upgrade = new Upgrade({
      dial: config.socket,
      clock: this.clock,
      random: config.random ?? Math.random,
      through: (socket) => {
        this.through = socket;
        this.adopt();
      },
    });
    if (config.http && config.memory?.blocked) {
      this.blocked = BLOCKED;
      this.byHTTP = this.remembered = true;
    }
  }

  get state(): State {
    return this.now;
  }

  /** Dials, unless there is a link already. */
  start(): void {
    if (this.now !== "waiting") return;
    this.enter("connecting");
    const attempt = ++this.attempt;
    const { http, socket } = this.config;
    const dial = (this.byHTTP && http) || socket;
    const accident = this.worked && this.tries++ < ACCIDENTS;
    if (http && !this.byHTTP) this.plan(IMPATIENT, () => this.hung());
    else this.plan(accident && !this.byHTTP ? IMPATIENT : HELLO, () => this.lost(1006));
    this.link = dial(this.events(attempt));
  }

  private events(attempt: number): LinkEvents {
    return {
      frame: (data) => attempt === this.attempt && this.receive(data),
      down: (code) => attempt === this.attempt && this.lost(code),
    };
  }

  /** The network or the page came back: try now, or find out whether the link still lives. */
  wake(): void {
    if (this.now === "waiting") this.start();
    else if (this.now === "online") this.ask({ do: "ping" }, PROBE).catch(() => {});
  }

  /** The browser is on a network again, maybe on another one, which lets sockets through. */
  moved(): void {
    this.wake();
    if (this.now === "online" && this.byHTTP && !this.through) this.upgrade.now();
  }

  /** Ends the link and tries no more. */
  end(): void {
    this.upgrade.stop();
    this.drop();
    this.enter("ended");
  }

  /**
   * Sends a request and gives its answer. Fails with Refused, or with Lost: at once when there is no connection, after the
   * time given (milliseconds) when there is no answer, which also ends the link.
   */
  ask(request: Request, within: number = ANSWER): Promise<unknown> {
    const link = this.link;
    if (this.now !== "online" || !link) return Promise.reject(new Lost("not connected"));
    return new Promise((resolve, reject) => {
      const id = this.nextID++;
      const deadline = this.clock.set(() => this.lost(1006), within);
      this.asked.set(id, { resolve, reject, deadline });
      link.send(id, request);
    });
  }

  private receive(data: string): void {
    let got: Frame | null;
    try {
      got = frame(data);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.backoff.later();
      this.lost(1002);
      return;
    }
    if (got?.is === "hello" && this.now === "connecting") this.greeted(got.hello);
    else if (this.now === "online" && got?.is === "hello") this.config.frame(got); // a stream of changes greets again
    if (this.now !== "online" || got === null || got.is === "hello") return;
    this.plan(SILENCE, () => void this.ask({ do: "ping" }).catch(() => {}));
    if (got.is === "answer") this.settle(got.re)?.resolve(got.ok);
    else if (got.is === "refusal") this.settle(got.re)?.reject(new Refused(got.error));
    else this.config.frame(got);
    if (this.through) queueMicrotask(() => this.adopt());
  }

  private greeted(hello: Hello): void {
    this.backoff.reset();
    this.failed = false;
    this.known = this.byHTTP;
    this.tries = 0;
    if (!this.byHTTP) this.grow();
    else if (this.remembered) this.upgrade.now();
    else this.upgrade.begin();
    this.remembered = false;
    if (this.config.memory) this.config.memory.blocked = this.byHTTP;
    this.plan(SILENCE, () => void this.ask({ do: "ping" }).catch(() => {}));
    this.enter("online");
    this.config.hello(hello);
  }

  /** A socket has greeted. */
  private grow(): void {
    this.blocked = 0;
    this.isYoung = true;
    this.clock.clear(this.grown);
    this.grown = this.clock.set(() => {
      this.isYoung = false;
      this.young = 0;
      this.worked = true;
    }, YOUNG);
  }

  /** Goes on by a socket that came through, if there is one, once nothing that was asked by HTTP is open. */
  private adopt(): void {
    const { through } = this;
    if (!through || this.asked.size > 0) return;
    this.drop();
    this.goOn(through);
  }

  private goOn({ link, take }: Through): void {
    this.byHTTP = false;
    this.now = "connecting";
    this.link = link;
    take(this.events(this.attempt));
  }

  private settle(id: number): Asked | undefined {
    const asked = this.asked.get(id);
    if (asked) this.clock.clear(asked.deadline);
    this.asked.delete(id);
    return asked;
  }

  /** A socket has not greeted in time. Whether it was blocked or the server is away is asked by HTTP; one alone may be an accident. */
  private hung(): void {
    if (!this.worked) this.blocked = BLOCKED;
    this.lost(1006);
  }

  private lost(code: number): void {
    const greeted = this.now === "online";
    const { through } = this;
    if (this.isYoung && code === 1006 && this.config.http && ++this.young >= CUT) this.blocked = BLOCKED;
    this.drop();
    if (through) {
      this.goOn(through);
      return;
    }
    if (code === SESSION_ENDED) {
      this.enter("ended");
      this.seek(ANEW);
      return;
    }
    if (CALM_DOWN.has(code)) this.backoff.later();
    if (code === 1006 && !greeted && !this.byHTTP && this.there) this.blocked++;
    if (this.byHTTP && !greeted) [this.known, this.blocked] = [false, BLOCKED - 1]; // neither way works: take turns
    this.failed = !greeted || this.blocked >= BLOCKED;
    this.there = false;
    this.byHTTP = this.known;
    this.enter("waiting");
    this.later();
  }

  /** Who becomes a member, or changes the password, in another tab has another session in this browser a moment later. */
  private seek([wait, ...further]: readonly number[]): void {
    const { mine } = this.config;
    const attempt = this.attempt;
    if (!mine || wait === undefined) return;
    const ask = async () => {
      const yes = await mine();
      if (attempt !== this.attempt || this.now !== "ended") return;
      if (!yes) {
        this.seek(further);
        return;
      }
      this.enter("waiting");
      this.start();
    };
    this.plan(wait, () => void ask());
  }

  private later(): void {
    const attempt = this.attempt;
    this.plan(this.backoff.next(), () => void this.again(attempt));
  }

  private async again(attempt: number): Promise<void> {
    const { http, answersHTTP } = this.config;
    if (this.failed && http && answersHTTP) {
      const there = await answersHTTP();
      if (attempt !== this.attempt || this.now !== "waiting") return;
      if (!there) {
        this.young = 0;
        if (!this.known) this.blocked = 0;
        this.later();
        return;
      }
      this.there = true;
      this.byHTTP = this.blocked >= BLOCKED;
    }
    this.start();
  }

  /** Lets go of the link and fails what was asked on it. */
  private drop(): void {
    this.attempt++;
    this.clock.clear(this.timer);
    this.clock.clear(this.grown);
    this.timer = null;
    this.isYoung = false;
    if (!this.through) this.upgrade.stop();
    this.through = null;
    this.link?.close();
    this.link = null;
    const asked = [...this.asked.keys()];
    for (const id of asked) this.settle(id)?.reject(new Lost("the connection was lost"));
  }

  private plan(ms: number, run: () => void): void {
    this.clock.clear(this.timer);
    this.timer = this.clock.set(run, ms);
  }

  private enter(state: State): void {
    if (state === this.now) return;
    this.now = state;
    this.config.state(state);
  }
}
