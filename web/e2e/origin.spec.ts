// A page of another origin, another port of the same host included, gets no socket of Parley's and changes nothing, although the
// browser would send the cookie with what it asks for: a cookie knows no ports.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "./test.ts";

test("a page of another port gets no socket and posts nothing", async ({ join, server }) => {
  const ana = await join("ana", "lobby");
  const other = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end("<!doctype html><title>other</title>"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  try {
    const page = await ana.context().newPage();
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    const host = new URL(server.url).host;
    const open = (path: string) =>
      page.evaluate(
        (url) =>
          new Promise<string>((resolve) => {
            const socket = new WebSocket(url);
            socket.addEventListener("open", () => resolve("open"));
            socket.addEventListener("message", (e) => resolve(`told: ${String(e.data)}`));
            socket.addEventListener("close", (e) => resolve(`closed ${e.code}`));
          }),
        `ws://${host}${path}`,
      );
    expect(await open("/ws")).toBe("closed 1006");
    expect(await open("/ws/notification/lobby/")).toBe("closed 1006");
    const posted = await page.evaluate(async (url) => {
      const answer = await fetch(`${url}/api/v1/rooms/lobby/messages`, { method: "POST", mode: "no-cors", credentials: "include", body: '{"text":"from elsewhere"}' }).catch(
        (e: unknown) => String(e),
      );
      return typeof answer === "string" ? answer : answer.type;
    }, server.url);
    expect(["opaque", "TypeError: Failed to fetch"]).toContain(posted);
    const read = await page.evaluate((url) => fetch(`${url}/api/v1/me`, { credentials: "include" }).then((a) => a.text(), String), server.url);
    expect(read).toBe("TypeError: Failed to fetch");
    await page.close();
  } finally {
    other.close();
  }
  const history = (await (await ana.request.get("/api/v1/rooms/lobby/messages")).json()) as { messages: unknown[] };
  expect(history.messages).toEqual([]);
  // The same from Parley's own page opens.
  const own = await ana.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/ws`);
        socket.addEventListener("open", () => resolve("open"));
        socket.addEventListener("close", (e) => resolve(`closed ${e.code}`));
      }),
  );
  expect(own).toBe("open");
});
