// Which of a person's tabs sends: the one that holds a Web Lock. The lock goes on when its tab closes, and a tab in which something
// is written takes it: that tab is awake, which the one that has it may not be. Two that send at once do no harm, only work; the
// keys see to that. Where the browser has no locks (an address without HTTPS that is not this machine) every tab sends.

import { hold } from "./exchange.ts";

export interface Turn {
  /** It is this tab's turn. */
  readonly held: boolean;
  /** Waits for the turn, or gives it away and wants it no more. */
  want(on: boolean): void;
  /** Takes the turn from whichever tab has it, if this one wants it. */
  seize(): void;
  /** Calls back whenever this tab's turn begins. */
  watch(begun: () => void): void;
}

export class TabTurn implements Turn {
  held = false;
  private readonly name: string;
  private locks: LockManager | undefined;
  private begun: () => void = () => {};
  private wanted = false;
  private release: () => void = () => {};

  /** The tabs that give the same name take turns. */
  constructor(name: string, locks: LockManager | undefined) {
    this.name = name;
    this.locks = locks;
  }

  watch(begun: () => void): void {
    this.begun = begun;
  }

  want(on: boolean): void {
    if (on === this.wanted) return;
    this.wanted = on;
    if (on) this.ask(false);
    else this.stop();
  }

  seize(): void {
    if (this.wanted && !this.held) this.ask(true);
  }

  private ask(steal: boolean): void {
    this.stop();
    if (this.locks) {
      this.release = hold(
        this.locks,
        this.name,
        () => this.begin(),
        () => this.lost(),
        steal,
      );
    } else this.begin();
  }

  private begin(): void {
    this.held = true;
    this.begun();
  }

  /** Another tab took the turn, and it is waited for again; or this browser has locks and gives none. */
  private lost(): void {
    if (!this.held) this.locks = undefined;
    this.ask(false);
  }

  private stop(): void {
    this.held = false;
    this.release();
    this.release = () => {};
  }
}
