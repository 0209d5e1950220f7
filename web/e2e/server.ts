// A real server: the program itself, with a port and a data directory of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Milliseconds that a server may take to start, and to stop. */
const PATIENCE = 12_000;

export class Server {
  /** "http://127.0.0.1:40123", without a slash. */
  readonly url: string;
  /** The one-time link of the first owner, "" when there is an owner. */
  setupLink = "";
  readonly data = mkdtempSync(join(tmpdir(), "parley-data-"));
  private readonly args: readonly string[];
  private readonly port: number;
  private child: ChildProcess | null = null;
  private said = "";

  constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.args = args;
  }

  /** Starts the program; resolves when it says that it is ready. */
  async start(): Promise<void> {
    const binary = process.env.E2E_SERVER;
    if (!binary) throw new Error("the server was not built");
    this.said = "";
    const child = spawn(binary, ["--listen", `127.0.0.1:${this.port}`, "--data", this.data, ...this.args], { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`the server ${why}\n${this.said}`));
      const timer = setTimeout(() => fail("did not start"), PATIENCE);
      child.once("exit", (code) => fail(`ended at once with ${code}`));
      const read = (chunk: Buffer) => {
        this.said += chunk.toString();
        if (!this.said.includes("msg=listening")) return;
        clearTimeout(timer);
        child.removeAllListeners("exit");
        resolve();
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
    });
    this.setupLink = /http\S+\/-\/setup\?token=\S+/.exec(this.said)?.[0] ?? "";
  }

  /** Asks the server to stop, and gives its exit code. */
  stop(): Promise<number | null> {
    return this.end("SIGTERM");
  }

  /** Ends the server without a warning. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Removes what the server kept. */
  remove(): void {
    rmSync(this.data, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    this.child = null;
    if (!child) return 0;
    const exit = once(child, "exit", { signal: AbortSignal.timeout(PATIENCE) });
    child.kill(signal);
    try {
      const [code] = (await exit) as [number | null];
      return code;
    } catch (error) {
      child.kill("SIGKILL");
      throw new Error(`the server did not stop\n${this.said}`, { cause: error });
    }
  }
}

/** Starts a server on a port that is free. */
export async function startServer(args: readonly string[] = []): Promise<Server> {
  const server = new Server(await freePort(), args);
  await server.start();
  return server;
}

/** A port of 127.0.0.1 that was free just now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
