// What is written is not lost: drafts, failed sends, answers that never come, networks without WebSocket.

import { box, messages, say, saying, sees, stored } from "./room.ts";
import { expect, inRoom, joinAs, test } from "./test.ts";

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

test("a send that fails shows Retry, and retrying makes exactly one", async ({ join, network }) => {
  const ben = await join("ben", "lobby");
  const ana = await join("ana", "lobby", { baseURL: network.url });
  await say(ana, "before");
  await sees(ben, "before");

  network.cut();
  await say(ana, "held up");
  await expect(saying(ana, "held up")).toHaveAttribute("data-state", "failed", { timeout: 8_000 });
  await expect(saying(ana, "held up")).toContainText("Not sent");
  await expect(box(ana)).toBeEnabled();
  await expect(messages(ben)).toHaveCount(1);

  network.down = false;
  await ana.getByTestId("retry").click();
  await sees(ben, "held up");
  await sees(ana, "held up");
  expect(await stored(ben.context().request, "lobby")).toEqual(["before", "held up"]);
});

test("a line that drops is back within two seconds, without a word lost", async ({ join, network }) => {
  const ben = await join("ben", "lobby");
  const ana = await join("ana", "lobby", { baseURL: network.url });
  await expect(ana.getByTestId("who")).toContainText("2");
  for (let i = 1; i <= 3; i++) {
    network.cut();
    await say(ana, `ana ${i}`);
    await say(ben, `ben ${i}`);
    await sees(ben, `ben ${i}`);
    network.down = false;
    await sees(ana, `ben ${i}`, 2_000);
    await sees(ben, `ana ${i}`, 2_000);
  }
  const all = await stored(ben.context().request, "lobby");
  expect(all.toSorted()).toEqual(["ana 1", "ana 2", "ana 3", "ben 1", "ben 2", "ben 3"]);
  for (const page of [ana, ben]) await expect(messages(page).locator(".text")).toHaveText(all);
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
      void expect.poll(() => stored(ben.context().request, "lobby")).toEqual(["once"]).then(() => socket.close());
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

test("where WebSocket is blocked messages still come and go", async ({ someone, join, network }) => {
  const ben = await join("ben", "lobby");
  network.withoutSockets = true;
  const ana = await (await someone({ baseURL: network.url })).newPage();
  await ana.goto("/");
  const stream = ana.waitForResponse(/\/api\/v1\/changes/);
  await joinAs(ana, "ana", "lobby");
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
