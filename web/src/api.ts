// The HTTP API, as one user of one database calls it.

const ROOT = "/api/v1";

/** Milliseconds: how long a server that is there may take to say so. */
const PATIENCE = 5_000;

export interface Ask {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export class API {
  readonly user: string;
  readonly epoch: string;

  constructor(user: string, epoch: string) {
    this.user = user;
    this.epoch = epoch;
  }

  /**
   * Asks as this user. The cookie may be somebody else's by now, who came in by another tab: the server refuses then (401),
   * instead of having one act as the other.
   */
  fetch(method: string, path: string, ask: Ask = {}): Promise<Response> {
    return call(method, path, { ...ask, headers: { ...ask.headers, "Parley-User": this.user } });
  }

  /** Tells whether this browser is this user's. */
  async mine(): Promise<boolean> {
    try {
      return (await this.fetch("GET", "/me", { signal: AbortSignal.timeout(PATIENCE) })).ok;
    } catch {
      return false;
    }
  }

  /** Asks whose this browser is now. */
  async hello(signal: AbortSignal): Promise<unknown> {
    const response = await call("GET", "/me", { signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  }
}

function call(method: string, path: string, { body, headers, signal }: Ask): Promise<Response> {
  const init: RequestInit = { method, cache: "no-store" };
  if (signal) init.signal = signal;
  if (body !== undefined) init.body = JSON.stringify(body);
  init.headers = body === undefined ? { ...headers } : { "Content-Type": "application/json", ...headers };
  return fetch(ROOT + path, init);
}

/** Tells whether the server answers plain HTTP. */
export async function answersHTTP(): Promise<boolean> {
  try {
    const response = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return response.ok && (await response.text()).trim() === "ok"; // and not the page of a gate that answers everything
  } catch {
    return false;
  }
}
