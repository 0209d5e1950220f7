// A link is one live connection to the server, by WebSocket or, where that is blocked, by plain HTTP. Conn makes one after the other.

import type { Request } from "./wire.ts";

export interface Link {
  /** Sends a request; its answer comes as a frame. Sending on a link that is down does nothing. */
  send(id: number, request: Request): void;
  /** Ends the link. `down` is not called for it any more. */
  close(): void;
}

export interface LinkEvents {
  /** A frame of the server arrived. */
  frame(data: string): void;
  /** The link is gone, with the close code of the protocol, or 1006 when there was none. Called at most once. */
  down(code: number): void;
}

/** Starts a link and returns at once. */
export type Dial = (events: LinkEvents) => Link;

/** Dials the WebSocket at the address. */
export function dialSocket(address: string): Dial {
  return (events) => {
    const socket = new WebSocket(address);
    const stop = new AbortController();
    const listen = { signal: stop.signal };
    socket.addEventListener("message", (e: MessageEvent<unknown>) => typeof e.data === "string" && events.frame(e.data), listen);
    socket.addEventListener(
      "close",
      (e) => {
        stop.abort();
        events.down(e.code);
      },
      listen,
    );
    return {
      send(id, request) {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ id, ...request }));
      },
      close() {
        stop.abort();
        socket.close();
      },
    };
  };
}
