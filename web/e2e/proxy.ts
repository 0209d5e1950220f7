// A proxy between browsers and the server, as bad as some are: it does not pass WebSocket, or holds streams back.

import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server as Listener, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Server } from "./server.ts";

/** What becomes of an upgrade. */
export type Upgrades =
  | "pass"
  | "refuse" // 403
  | "strip" // the Upgrade header is taken off, and the request goes on without it
  | "hang" // no answer ever
  | "cut"; // it passes, and is cut as soon as the server has said something

export class Proxy {
  upgrades: Upgrades = "pass";
  /** Streams of events are kept back until they end. */
  holdStreams = false;
  /** Every request that was passed on: "GET /path". */
  readonly passed: string[] = [];
  private readonly target: URL;
  private readonly listener: Listener;
  private readonly sockets = new Set<Duplex>();

  private constructor(target: URL) {
    this.target = target;
    this.listener = createServer((near, answer) => this.pass(near, answer));
    this.listener.on("upgrade", (near: IncomingMessage, socket: Duplex, head: Buffer) => this.upgrade(near, socket, head));
    this.listener.on("connection", (socket: Socket) => this.watch(socket));
    this.listener.keepAliveTimeout = 60_000;
  }

  /** Stands in front of a server. Its url is that of a server to whoever comes by this way. */
  static async before(server: Server): Promise<Proxy> {
    const proxy = new Proxy(new URL(server.url));
    proxy.listener.listen(0, "127.0.0.1");
    await once(proxy.listener, "listening");
    return proxy;
  }

  get url(): string {
    const address = this.listener.address();
    if (address === null || typeof address === "string") throw new Error("the proxy is closed");
    return `http://127.0.0.1:${address.port}`;
  }

  /** How many connections browsers have open to it. */
  get connections(): number {
    return this.sockets.size;
  }

  async close(): Promise<void> {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.listener, "close");
  }

  private pass(near: IncomingMessage, answer: ServerResponse): void {
    this.passed.push(`${near.method} ${near.url}`);
    const { hostname, port } = this.target;
    const headers = { ...near.headers };
    if (this.upgrades === "strip") {
      delete headers.upgrade;
      headers.connection = "keep-alive";
    }
    const far = request({ hostname, port, method: near.method, path: near.url, headers }, (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      const stream = from.headers["content-type"] === "text/event-stream";
      if (stream && this.holdStreams) {
        const held: Buffer[] = [];
        answer.flushHeaders();
        from.on("data", (chunk: Buffer) => held.push(chunk));
        from.on("end", () => answer.end(Buffer.concat(held)));
        from.on("error", () => answer.destroy());
      } else from.pipe(answer);
      answer.once("close", () => from.destroy());
    });
    far.on("error", () => answer.destroy());
    answer.once("close", () => far.destroy());
    near.pipe(far);
  }

  private upgrade(near: IncomingMessage, socket: Duplex, head: Buffer): void {
    switch (this.upgrades) {
      case "hang":
        return;
      case "refuse":
        socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      case "strip":
        socket.end("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      default:
    }
    const far = connect(Number(this.target.port), this.target.hostname);
    this.watch(far);
    const lines = [`GET ${near.url} HTTP/1.1`];
    for (let i = 0; i < near.rawHeaders.length; i += 2) lines.push(`${near.rawHeaders[i]}: ${near.rawHeaders[i + 1]}`);
    far.write(`${lines.join("\r\n")}\r\n\r\n`);
    far.write(head);
    let said = 0;
    far.on("data", (chunk: Buffer) => {
      socket.write(chunk);
      said += chunk.length;
      if (this.upgrades === "cut" && said > 200) socket.destroy(); // the handshake is shorter: this is the hello
    });
    socket.pipe(far);
    socket.once("close", () => far.destroy());
    far.once("close", () => socket.destroy());
  }

  private watch(socket: Duplex): void {
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.sockets.delete(socket));
  }
}
