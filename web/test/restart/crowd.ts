// A crowd of readers in one process, each with the page's own connection, for cmd/parley's test of restarts:
//
//	node crowd.mjs HOST:PORT COUNT ROOM
//
// Each line on standard input is a version of the room. Once every reader is online and has it, one line of JSON tells what happened
// since the line before: when somebody asked for a connection, when each reader was back, and what was not as it should be.

import { get } from "node:http";
import { createInterface } from "node:readline";
import { Conn, Lost } from "../../src/conn.ts";
import type { Dial } from "../../src/link.ts";
import { type Change, type Frame, opened, type Position } from "../../src/wire.ts";
import { dialRaw } from "./socket.ts";

const [address = "", count = "", room = ""] = process.argv.slice(2);
const [host = "", port = ""] = address.split(":");

interface Report {
  attempts: number[]; // unix milliseconds, as all times
  back: number[]; // when each reader had its room open again
  byHTTP: number; // links that went by HTTP, which nothing here blocks WebSocket for
  faults: string[];
}

let report: Report = { attempts: [], back: [], byHTTP: 0, faults: [] };
let wanted: number | null = null;

const socket: Dial = (events) => {
  report.attempts.push(Date.now());
  return dialRaw(host, Number(port), "/ws")(events);
};

const http: Dial = (events) => {
  report.byHTTP++;
  queueMicrotask(() => events.down(1006));
  return { send: () => {}, close: () => {} };
};

/** As api.ts asks, but each on a connection of its own. */
function answersHTTP(): Promise<boolean> {
  report.attempts.push(Date.now());
  return new Promise((resolve) => {
    const request = get({ host, port, path: "/healthz", agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode === 200));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}

class Reader {
  online = false; // with the room open
  at: Position | undefined;
  private id = "";
  private early: Change[] = []; // came before the answer to open was looked at
  private readonly conn = new Conn({
    socket,
    http,
    answersHTTP,
    hello: () => void this.open(),
    frame: (frame) => this.receive(frame),
    state: (state) => {
      if (state !== "online") this.online = false;
    },
  });

  start(): void {
    this.conn.start();
  }

  private async open(): Promise<void> {
    this.early = [];
    try {
      const got = opened(await this.conn.ask({ do: "open", room, ...(this.at ? { at: this.at } : {}) }));
      if (got.reset && this.at) report.faults.push(`a reset instead of what changed since ${this.at.version}`);
      this.id = got.room;
      this.at = got.reset ? { epoch: got.epoch, version: got.version } : this.at;
      for (const change of [...got.changes, ...this.early]) this.apply(change);
      if (this.at && this.at.version < got.version) report.faults.push(`${this.at.version} after a resume to ${got.version}`);
      this.online = true;
      report.back.push(Date.now());
      look();
    } catch (error) {
      if (!(error instanceof Lost)) report.faults.push(String(error));
    }
  }

  private receive(frame: Frame): void {
    if (frame.is === "reset") report.faults.push("a reset that nobody asked for");
    if (frame.is !== "change" || (this.id !== "" && frame.change.room !== this.id)) return;
    if (this.online) this.apply(frame.change);
    else this.early.push(frame.change);
    look();
  }

  private apply({ version }: Change): void {
    if (!this.at || version !== this.at.version + 1) report.faults.push(`version ${version} after ${this.at?.version}`);
    if (this.at) this.at = { ...this.at, version };
  }
}

const readers = Array.from({ length: Number(count) }, () => new Reader());

/** Tells when all have what is wanted. */
function look(): void {
  if (wanted === null) return;
  for (const reader of readers) if (!reader.online || (reader.at?.version ?? 0) < wanted) return;
  wanted = null;
  process.stdout.write(`${JSON.stringify(report)}\n`);
  report = { attempts: [], back: [], byHTTP: 0, faults: [] };
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    wanted = Number(line);
    look();
  })
  .on("close", () => process.exit(0));

for (const reader of readers) reader.start();
