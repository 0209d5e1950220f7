// Sources of frames over plain HTTP: a stream of server-sent events, or polls where something on the way holds streams back.
// Both begin with a hello, then give what the places miss and what comes, as the socket's frames.

import type { API } from "./api.ts";
import type { Clock } from "./clock.ts";

/** Where a reader stands in each room: versions by id. */
export type Places = ReadonlyMap<string, number>;

export interface SourceEvents {
  /** A frame of the server arrived. */
  frame(data: string): void;
  /** The server gave a sign of life: between frames by a stream, with each answer by a poll. */
  pulse(): void;
  /** The source has ended, with the status of the server's refusal, or 0. Called at most once, and not after close. */
  down(status: number): void;
}

export interface Source {
  close(): void;
}

/** Starts a source and returns at once. */
export type OpenSource = (places: Places, events: SourceEvents) => Source;

/** Milliseconds: how much longer than the server may wait an answer may take, and the pause between two polls that wait. */
const GRACE = 10_000;
const PAUSE = 100;
/** Seconds that the server may wait at most. */
const WAIT = 25;

class Refusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** One stream for all places. */
export function stream(api: API): OpenSource {
  return (places, events) =>
    run(events, async (signal) => {
      const query = new URLSearchParams({ at: written(places), epoch: api.epoch });
      const response = await api.fetch("GET", `/changes?${query}`, { signal, headers: { Accept: "text/event-stream" } });
      if (!response.ok || !response.body) throw new Refusal(response.status);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const lines = new Lines();
      for (;;) {
        const { value, done } = await reader.read();
        if (done || signal.aborted) return;
        for (const line of lines.add(value)) {
          if (signal.aborted) return;
          if (line.startsWith("data: ")) events.frame(line.slice(6));
          else if (line.startsWith(":")) events.pulse();
        }
      }
    });
}

/** Cuts a text that comes in pieces into lines. */
export class Lines {
  private rest = "";

  /** Adds a piece and gives the lines that it ends. */
  add(piece: string): string[] {
    const lines = (this.rest + piece).split("\n");
    this.rest = lines.pop() ?? "";
    return lines;
  }
}

/**
 * One poll after the other. Each waits at the server until there is something; with `every` (milliseconds) the server answers at once
 * instead, so that no connection is held, and that long passes between two polls.
 */
export function poll(api: API, clock: Clock, every = 0): OpenSource {
  return (places, events) =>
    run(events, async (signal) => {
      const turn = new Turn(places);
      for (;;) {
        const body = await answer(api, clock, `/changes?${turn.query(api.epoch, every > 0 ? 0 : WAIT)}`, signal);
        events.pulse();
        for (const frame of turn.frames(body)) if (!signal.aborted) events.frame(JSON.stringify(frame));
        if (signal.aborted) return;
        await pause(clock, every > 0 ? every : PAUSE, signal);
        if (signal.aborted) return;
      }
    });
}

/** What a poll answers. */
interface Answer {
  changes: { room: string; version: number }[];
  resets: { room: string; version: number }[];
  hello?: { me: { version: number } | null; server: { version: number } };
  values?: unknown[];
  seen?: string;
}

async function answer(api: API, clock: Clock, path: string, signal: AbortSignal): Promise<Answer> {
  const late = new AbortController();
  const give = () => late.abort();
  signal.addEventListener("abort", give);
  const timer = clock.set(give, WAIT * 1000 + GRACE);
  try {
    const response = await api.fetch("GET", path, { signal: late.signal });
    if (!response.ok) throw new Refusal(response.status);
    return (await response.json()) as Answer;
  } finally {
    clock.clear(timer);
    signal.removeEventListener("abort", give);
  }
}

/** Where polls stand. */
class Turn {
  private readonly at: Map<string, number>;
  private me = 0;
  private server = 0;
  private seen = "";

  constructor(places: Places) {
    this.at = new Map(places);
  }

  query(epoch: string, wait: number): URLSearchParams {
    const { me, server, seen } = this;
    return new URLSearchParams({ at: written(this.at), epoch, wait: `${wait}`, me: `${me}`, server: `${server}`, seen });
  }

  /** The frames in an answer, in the order of a stream's. */
  frames({ changes, resets, hello, values, seen }: Answer): unknown[] {
    const news = seen === this.seen ? [] : (values ?? []);
    this.seen = seen ?? this.seen;
    if (hello) [this.me, this.server] = [hello.me?.version ?? 0, hello.server.version];
    for (const reset of resets) this.at.set(reset.room, reset.version);
    for (const { room, version } of changes) this.at.set(room, Math.max(version, this.at.get(room) ?? 0));
    return [...(hello ? [{ hello }] : []), ...resets.map((reset) => ({ reset })), ...changes, ...news];
  }
}

function written(places: Places): string {
  return [...places].map(([room, version]) => `${room}:${version}`).join(",");
}

/** Runs a source until it is closed or fails. */
function run(events: SourceEvents, read: (signal: AbortSignal) => Promise<void>): Source {
  const stop = new AbortController();
  const down = (error?: unknown) => {
    if (stop.signal.aborted) return;
    stop.abort();
    events.down(error instanceof Refusal ? error.status : 0);
  };
  read(stop.signal).then(() => down(), down);
  return { close: () => stop.abort() };
}

/** Waits, or until the signal. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.set(done, ms);
    signal.addEventListener("abort", done);
    function done() {
      clock.clear(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
