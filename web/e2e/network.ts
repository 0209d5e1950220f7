// A network between browsers and the server, with the faults that networks have.

import { once } from "node:events";
import { connect, createServer, type Server as Listener, type Socket } from "node:net";
import type { Server } from "./server.ts";

export class Network {
  /** Connections to the server are refused. */
  down = false;
  /** WebSocket upgrades are refused, as some proxies do; everything else passes. */
  withoutSockets = false;
  private readonly listener: Listener;
  private readonly sockets = new Set<Socket>();

  private constructor(target: URL) {
    this.listener = createServer((near) => this.carry(near, Number(target.port), target.hostname));
  }

  /** Stands in front of a server. Its url is that of a server to whoever comes by this way. */
  static async before(server: Server): Promise<Network> {
    const network = new Network(new URL(server.url));
    network.listener.listen(0, "127.0.0.1");
    await once(network.listener, "listening");
    return network;
  }

  get url(): string {
    const address = this.listener.address();
    if (address === null || typeof address === "string") throw new Error("the network is closed");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Cuts all connections; new ones are refused until it is up again. */
  cut(): void {
    this.down = true;
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.listener.close();
    await once(this.listener, "close");
  }

  private carry(near: Socket, port: number, host: string): void {
    this.watch(near);
    if (this.down) {
      near.destroy();
      return;
    }
    // Browsers open a connection of its own for each WebSocket, so the first bytes tell what it is for.
    near.once("data", (first: Buffer) => {
      if (this.withoutSockets && /^GET \/ws[ /]/.test(first.toString("latin1"))) {
        near.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      }
      const far = connect(port, host);
      this.watch(far);
      far.write(first);
      near.pipe(far).pipe(near);
      near.once("close", () => far.destroy());
      far.once("close", () => near.destroy());
    });
  }

  private watch(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.sockets.delete(socket));
  }
}
