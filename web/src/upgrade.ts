// The way back from HTTP to the socket: while a link by HTTP stands, the socket is tried from time to time beside it, ever more rarely.
// One that greets and then lives for a moment has come through, and can take the link's place.

import type { Clock } from "./clock.ts";
import type { Dial, Link, LinkEvents } from "./link.ts";

/** Milliseconds. */
const FIRST = 15_000;
const MOST = 300_000;
const HELLO = 10_000; // for the hello of a socket that is tried
const PROOF = 3_000; // that it must live after it, because some networks cut sockets right after they opened

export interface UpgradeConfig {
  dial: Dial;
  clock: Clock;
  random: () => number;
  /** A socket has come through, and goes on when it is taken; null when it died before that. */
  through: (socket: Through | null) => void;
}

export interface Through {
  link: Link;
  /** Hands over what has come, from the hello on, and what comes. */
  take: (events: LinkEvents) => void;
}

export class Upgrade {
  private readonly config: UpgradeConfig;
  private timer: unknown;
  private link: Link | null = null;
  private attempt = 0; // which link the events belong to
  private wait = FIRST;

  constructor(config: UpgradeConfig) {
    this.config = config;
  }

  /** Plans the next try, for half the present wait to the whole of it. */
  begin(): void {
    this.stop();
    this.timer = this.config.clock.set(() => this.try(), this.wait * (0.5 + this.config.random() / 2));
    this.wait = Math.min(MOST, this.wait * 2);
  }

  /** Tries at once, and often again: the network is another one. */
  now(): void {
    this.wait = FIRST;
    this.stop();
    this.try();
  }

  /** Tries no more, and lets go of a socket that is not taken. */
  stop(): void {
    this.attempt++;
    this.config.clock.clear(this.timer);
    this.link?.close();
    this.link = null;
  }

  private try(): void {
    const { dial, clock, through } = this.config;
    const attempt = ++this.attempt;
    const came: string[] = [];
    let taken: LinkEvents | null = null;
    this.timer = clock.set(() => this.begin(), HELLO);
    const link = dial({
      frame: (data) => {
        if (taken) taken.frame(data);
        else if (attempt === this.attempt && came.push(data) === 1) {
          clock.clear(this.timer);
          this.timer = clock.set(() => through({ link, take }), PROOF);
        }
      },
      down: (code) => {
        if (taken) taken.down(code);
        else if (attempt === this.attempt) {
          through(null);
          this.begin();
        }
      },
    });
    const take = (events: LinkEvents) => {
      this.attempt++;
      this.link = null;
      taken = events;
      for (const data of came) events.frame(data);
    };
    this.link = link;
  }
}
