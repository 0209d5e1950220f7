// What is written is not lost: drafts, failed sends, answers that never come, networks without WebSocket.

import type { WebSocketRoute } from "@playwright/test";
import { box, messages, say, saying, sees, stored } from "./room.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

test("drafts survive a reload and a look into another room", async ({ join }) => {
  const ana = await join("ana", "garden");
  await ana.getByLabel("Join or make a room").fill("lobby");
  await ana.getByLabel("Join or make a room").press("Enter");
  await inRoom(ana, "lobby");
  await box(ana).fill("half a tho");
  await ana.reload();
  await inRoom(ana, "lobby");
  await expect(box(ana)).toHaveValue("half a tho");
  await ana.getByTestId("room-list").getByRole("link", { name: "garden" }).click();
  await inRoom(ana, "garden");
  await expect(box(ana)).toHaveValue("");
  await ana.getByTestId("room-list").getByRole("link", { name: "lobby" }).click();
  await inRoom(ana, "lobby");
  await expect(box(ana)).toHaveValue("half a tho");
  await box(ana).press("Enter");
  await sees(ana, "half a tho");
  await ana.reload();
  await inRoom(ana, "lobby");
  await expect(box(ana)).toHaveValue("");
});

/** Stands between a page and the server, and can shut. Set up before the page is loaded. */
class Gate {
  private shut = false;
  private readonly open = new Set<WebSocketRoute>();

  static async before(page: Page): Promise<Gate> {
    const gate = new Gate();
    await page.routeWebSocket(/\/ws$/, (socket) => {
      if (gate.shut) {
        void socket.close({ code: 1011 });
        return;
      }
      socket.connectToServer();
      gate.open.add(socket);
    });
    await page.route("**/api/**", (route) => (gate.shut ? route.abort() : route.fallback()));
    return gate;
  }

  async close(): Promise<void> {
    this.shut = true;
    for (const socket of this.open) await socket.close({ code: 1011 });
    this.open.clear();
  }

  reopen(): void {
    this.shut = false;
  }
}

test("a send that fails shows Retry, and retrying makes exactly one", async ({ join }) => {
  const ben = await join("ben", "lobby");
  const ana = await join("ana", "lobby");
  const gate = await Gate.before(ana);
  await ana.reload();
  await inRoom(ana, "lobby");
  await say(ana, "before");
  await sees(ben, "before");

  await gate.close();
  await say(ana, "held up");
  await expect(saying(ana, "held up")).toHaveAttribute("data-state", "failed", { timeout: 8_000 });
  await expect(saying(ana, "held up")).toContainText("Not sent");
  await expect(box(ana)).toBeEnabled();
  await expect(messages(ben)).toHaveCount(1);

  gate.reopen();
  await ana.getByTestId("retry").click();
  await sees(ben, "held up");
  await sees(ana, "held up");
  expect(await stored(ben.context().request, "lobby")).toEqual(["before", "held up"]);
});

test("an answer that is lost makes no second message", async ({ join }) => {
  const ben = await join("ben", "lobby");
  const ana = await join("ana", "lobby");
  let lost = 0;
  await ana.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      server.send(frame);
      if (lost > 0 || !String(frame).includes('"do":"post"')) return;
      lost++;
      server.onMessage(() => {}); // whatever comes is lost, and the line too once the message is stored
      void expect.poll(() => stored(ben.context().request, "lobby")).toEqual(["once"]).then(() => socket.close({ code: 1011 }));
    });
  });
  await ana.reload();
  await inRoom(ana, "lobby");
  await expect(ana.getByTestId("who")).toContainText("2");
  await say(ana, "once");
  await sees(ben, "once");
  await sees(ana, "once", 10_000);
  expect(lost).toBe(1);
  expect(await stored(ben.context().request, "lobby")).toEqual(["once"]);
});

test("where WebSocket is blocked messages still come and go", async ({ join }) => {
  const ben = await join("ben", "lobby");
  const ana = await join("ana", "lobby");
  await ana.routeWebSocket(/\/ws$/, (socket) => socket.close({ code: 1011 }));
  const stream = ana.waitForRequest(/\/api\/v1\/changes/);
  await ana.reload();
  await inRoom(ana, "lobby");
  await stream;
  await say(ana, "without a socket");
  await sees(ben, "without a socket");
  await sees(ana, "without a socket");
  await say(ben, "it works");
  await sees(ana, "it works", 2_000);
});

test("what the server refuses for good can be taken back into the box", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  // The client checks the length itself, so the refusal is of a text that only the server knows to be wrong.
  await say(ana, "a\u0000b");
  const failed = messages(ana).filter({ has: ana.getByTestId("restore") });
  await expect(failed).toContainText("Not sent: ");
  await failed.getByTestId("restore").click();
  await expect(messages(ana)).toHaveCount(0);
  await expect(box(ana)).not.toHaveValue("");
  await say(ana, "better");
  await sees(ben, "better");
});

test("a text that is too long is told before it is sent, and kept", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const long = "ü".repeat(4_097);
  await say(ana, long);
  await expect(ana.getByTestId("status")).toContainText("too long");
  await expect(box(ana)).toHaveValue(long);
  await say(ana, "ü".repeat(4_096));
  await sees(ana, "ü".repeat(4_096));
});
