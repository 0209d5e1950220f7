// A mail server that takes whatever is sent to it, on a loopback address.

import { once } from "node:events";
import { createServer, type Server as Listener, type Socket } from "node:net";

export interface Letter {
  to: string;
  text: string;
  /** The first web address in the text, "" if there is none. */
  link: string;
}

export class Postbox {
  private readonly arrived: Letter[] = [];
  private readonly waiting: ((letter: Letter) => void)[] = [];
  private readonly open = new Set<Socket>();
  private readonly listener: Listener = createServer((socket) => this.serve(socket));

  static async start(): Promise<Postbox> {
    const box = new Postbox();
    box.listener.listen(0, "127.0.0.1");
    await once(box.listener, "listening");
    return box;
  }

  /** "smtp://127.0.0.1:40123" */
  get url(): string {
    const address = this.listener.address();
    if (address === null || typeof address === "string") throw new Error("the postbox is closed");
    return `smtp://127.0.0.1:${address.port}`;
  }

  /** The letter that arrived next; it is waited for. */
  next(): Promise<Letter> {
    const letter = this.arrived.shift();
    if (letter) return Promise.resolve(letter);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    this.listener.close();
    await once(this.listener, "close");
  }

  /** As much of RFC 5321 as a client needs. */
  private serve(socket: Socket): void {
    this.open.add(socket);
    socket.on("close", () => this.open.delete(socket));
    socket.on("error", () => socket.destroy());
    let rest = "";
    let to = "";
    let body: string[] | null = null;
    socket.write("220 postbox\r\n");
    socket.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (body !== null) {
          if (line === ".") {
            this.take(to, body);
            body = null;
            socket.write("250 taken\r\n");
          } else body.push(line.replace(/^\./, ""));
          continue;
        }
        const verb = line.slice(0, 4).toUpperCase();
        if (verb === "RCPT") to = /<(.*?)>/.exec(line)?.[1] ?? "";
        if (verb === "DATA") body = [];
        socket.write(verb === "DATA" ? "354 go on\r\n" : verb === "EHLO" ? "250 postbox\r\n" : verb === "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
        if (verb === "QUIT") socket.end();
      }
    });
  }

  private take(to: string, lines: readonly string[]): void {
    const raw = lines.slice(lines.indexOf("") + 1).join("\n");
    // Quoted-printable, RFC 2045 section 6.7.
    const text = raw.replace(/=\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    const letter = { to, text, link: /https?:\/\/\S+/.exec(text)?.[0] ?? "" };
    const first = this.waiting.shift();
    if (first) first(letter);
    else this.arrived.push(letter);
  }
}
