// A WebSocket in place of the browser's, each on a connection of its own: that of Node 20 sends its upgrades through a pool, in
// which they wait for seconds when others of the pool have failed.

import { createHash, randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { Dial, LinkEvents } from "../../src/link.ts";

/** Dials ws://HOST:PORT/path. */
export function dialRaw(host: string, port: number, path: string): Dial {
  return (events) => new RawSocket(connect({ host, port, noDelay: true }), host, port, path, events);
}

class RawSocket {
  private readonly socket: Socket;
  private readonly events: LinkEvents;
  private readonly key = randomBytes(16).toString("base64");
  private came: Buffer = Buffer.alloc(0);
  private open = false;
  private done = false;
  private code = 1006;

  constructor(socket: Socket, host: string, port: number, path: string, events: LinkEvents) {
    this.socket = socket;
    this.events = events;
    socket.on("connect", () => {
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${this.key}\r\n\r\n`,
      );
    });
    socket.on("data", (data) => this.receive(data));
    socket.on("error", () => {}); // close follows
    socket.on("close", () => this.down());
  }

  send(id: number, request: object): void {
    if (this.open) this.write(1, Buffer.from(JSON.stringify({ id, ...request })));
  }

  close(): void {
    this.done = true;
    this.socket.destroy();
  }

  private down(): void {
    if (this.done) return;
    this.done = true;
    this.events.down(this.code);
  }

  private write(opcode: number, payload: Buffer): void {
    const mask = randomBytes(4);
    const head = payload.length < 126 ? [0x80 | opcode, 0x80 | payload.length] : [0x80 | opcode, 0xfe, payload.length >> 8, payload.length & 0xff];
    this.socket.write(Buffer.concat([Buffer.from(head), mask, payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0))]));
  }

  private receive(data: Buffer): void {
    this.came = this.came.length > 0 ? Buffer.concat([this.came, data]) : data;
    if (!this.open && !this.upgraded()) return;
    for (let frame = this.next(); frame && !this.done; frame = this.next()) {
      if (frame.opcode === 1) this.events.frame(frame.payload.toString());
      else if (frame.opcode === 9) this.write(10, frame.payload);
      else if (frame.opcode === 8) {
        this.code = frame.payload.length >= 2 ? frame.payload.readUInt16BE() : 1005;
        this.write(8, frame.payload.subarray(0, 2));
        this.socket.end();
      }
    }
  }

  /** Reads the answer to the upgrade. */
  private upgraded(): boolean {
    const end = this.came.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const answer = this.came.subarray(0, end).toString();
    const accept = createHash("sha1").update(`${this.key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    this.open = answer.startsWith("HTTP/1.1 101 ") && answer.includes(accept);
    this.came = this.came.subarray(end + 4);
    if (!this.open) this.socket.destroy();
    return this.open;
  }

  /** The next whole frame; the server's are whole and not masked. */
  private next(): { opcode: number; payload: Buffer } | null {
    const [first = 0, length = 0] = this.came;
    const start = length === 127 ? 10 : length === 126 ? 4 : 2;
    if (this.came.length < start) return null;
    const size = length === 127 ? Number(this.came.readBigUInt64BE(2)) : length === 126 ? this.came.readUInt16BE(2) : length;
    if (this.came.length < start + size) return null;
    const payload = this.came.subarray(start, start + size);
    this.came = this.came.subarray(start + size);
    return { opcode: first & 15, payload };
  }
}
