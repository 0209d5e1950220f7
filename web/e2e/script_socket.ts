// A WebSocket as a script opens it: without a browser, a cookie or an Origin. Only what the tests need of RFC 6455.

import { randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";

/** Milliseconds to wait for the upgrade and for each frame. */
const PATIENCE = 5_000;

export class ScriptSocket {
  private readonly socket: Socket;
  private readonly arrivals = new EventEmitter();
  private buffered: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {}); // whoever reads finds that nothing comes
    socket.on("data", (chunk: Buffer) => {
      this.buffered = Buffer.concat([this.buffered, chunk]);
      this.arrivals.emit("more");
    });
  }

  /** Connects, and gives the status line's code and the socket. */
  static async dial(origin: string, path: string): Promise<{ status: number; socket: ScriptSocket }> {
    const { hostname, port } = new URL(origin);
    const raw = connect(Number(port), hostname);
    const socket = new ScriptSocket(raw);
    await once(raw, "connect");
    raw.write(
      `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
    );
    const head = await socket.take((b) => {
      const end = b.indexOf("\r\n\r\n");
      return end < 0 ? 0 : end + 4;
    });
    return { status: Number(head.toString("latin1").split(" ")[1]), socket };
  }

  /** Sends a text frame of at most 125 bytes. */
  send(frame: unknown): void {
    const text = Buffer.from(JSON.stringify(frame));
    if (text.length > 125) throw new Error("too long for a short frame");
    const mask = randomBytes(4);
    const masked = text.map((byte, i) => byte ^ (mask[i % 4] ?? 0));
    this.socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, masked]));
  }

  /** The next text frame, decoded. Pings are passed over. */
  async receive(): Promise<unknown> {
    for (;;) {
      const frame = await this.take((b) => {
        const length = (b[1] ?? 0) & 0x7f;
        const whole = 2 + (length === 126 ? 2 + b.readUInt16BE(2) : length);
        return b.length >= 4 && b.length >= whole ? whole : 0;
      });
      const code = (frame[0] ?? 0) & 0x0f;
      if (code === 1) return JSON.parse(frame.subarray(((frame[1] ?? 0) & 0x7f) === 126 ? 4 : 2).toString());
      if (code === 8) throw new Error("the server closed the socket");
    }
  }

  close(): void {
    this.socket.destroy();
  }

  /** Takes as many bytes as `whole` says, once it says more than 0. */
  private async take(whole: (buffered: Buffer) => number): Promise<Buffer> {
    const signal = AbortSignal.timeout(PATIENCE);
    for (;;) {
      const length = this.buffered.length >= 4 ? whole(this.buffered) : 0;
      if (length > 0) {
        const taken = this.buffered.subarray(0, length);
        this.buffered = this.buffered.subarray(length);
        return taken;
      }
      await once(this.arrivals, "more", { signal });
    }
  }
}
