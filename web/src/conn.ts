// The connection: one link after the other, each request matched with its answer by id.
//
// A link that is lost is dialled again, the first time within 250 ms, then with growing, jittered waits, and at once when the
// browser comes online or the page comes to the front. After an upgrade that failed, the server is first asked by HTTP whether it
// is there, because browsers slow down pages whose WebSockets fail often. Where two upgrades fail although it was there, the next link
// goes by HTTP. What was asked on a lost link fails with Lost; asking again is up to who asked.

import { Backoff } from "./backoff.ts";
import type { Dial, Link } from "./link.ts";
import { frame, type Frame, type Hello, Malformed, type Refusal, type Request } from "./wire.ts";

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

export interface Clock {
  set(run: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

export interface ConnConfig {
  socket: Dial;
  /** The way round a network that blocks WebSocket, and the question whether the server answers there. It ends within seconds. */
  http?: Dial;
  answersHTTP?: () => Promise<boolean>;
  clock?: Clock;
  random?: () => number;
  hello: (hello: Hello) => void;
  /** All frames that are neither hello nor answers. */
  frame: (frame: Frame) => void;
  state: (state: State) => void;
}

/** Milliseconds. */
const HELLO = 8_000; // for the server's hello
const ANSWER = 10_000; // for an answer; a link that gives none is taken to be dead
const PROBE = 3_000; // for the answer to the ping after waking up
const SILENCE = 25_000; // without any frame, until a ping is sent

const SESSION_ENDED = 4001;
const CALM_DOWN = new Set([1002, 1003, 1007, 1009, 1011, 4008]);

const realClock: Clock = {
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer as number),
};

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
  private blocked = 0; // how many upgrades have failed although the server was there
  private byHTTP = false;

  constructor(config: ConnConfig) {
    this.config = config;
    this.clock = config.clock ?? realClock;
    this.backoff = new Backoff(config.random);
  }

  get state(): State {
    return this.now;
  }

  /** Dials, unless there is a link already. */
  start(): void {
    if (this.now !== "waiting") return;
    this.enter("connecting");
    const attempt = ++this.attempt;
    const dial = (this.byHTTP && this.config.http) || this.config.socket;
    this.plan(HELLO, () => this.lost(1006));
    this.link = dial({
      frame: (data) => attempt === this.attempt && this.receive(data),
      down: (code) => attempt === this.attempt && this.lost(code),
    });
  }

  /** The network or the page came back: try now, or find out whether the link still lives. */
  wake(): void {
    if (this.now === "waiting") this.start();
    else if (this.now === "online") this.ask({ do: "ping" }, PROBE).catch(() => {});
  }

  /** Ends the link and tries no more. */
  end(): void {
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
    if (this.now !== "online" || got === null || got.is === "hello") return; // a stream of changes greets again
    this.plan(SILENCE, () => void this.ask({ do: "ping" }).catch(() => {}));
    if (got.is === "answer") this.settle(got.re)?.resolve(got.ok);
    else if (got.is === "refusal") this.settle(got.re)?.reject(new Refused(got.error));
    else this.config.frame(got);
  }

  private greeted(hello: Hello): void {
    this.backoff.reset();
    this.failed = false;
    if (!this.byHTTP) this.blocked = 0;
    this.plan(SILENCE, () => void this.ask({ do: "ping" }).catch(() => {}));
    this.enter("online");
    this.config.hello(hello);
  }

  private settle(id: number): Asked | undefined {
    const asked = this.asked.get(id);
    if (asked) this.clock.clear(asked.deadline);
    this.asked.delete(id);
    return asked;
  }

  private lost(code: number): void {
    const greeted = this.now === "online";
    this.drop();
    if (code === SESSION_ENDED) {
      this.enter("ended");
      return;
    }
    if (CALM_DOWN.has(code)) this.backoff.later();
    if (code === 1006 && !greeted && !this.byHTTP && this.there) this.blocked++;
    if (this.byHTTP) this.blocked = 1; // one more try by WebSocket, then HTTP again
    this.failed = !greeted || this.byHTTP;
    this.there = false;
    this.byHTTP = false;
    this.enter("waiting");
    this.later();
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
        this.blocked = 0;
        this.later();
        return;
      }
      this.there = true;
      this.byHTTP = this.blocked >= 2;
    }
    this.start();
  }

  /** Lets go of the link and fails what was asked on it. */
  private drop(): void {
    this.attempt++;
    this.clock.clear(this.timer);
    this.timer = null;
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
