// The server goes away and comes back, and nobody loses anything.

import { box, connected, messages, post, say, saying, sees, stored } from "./room.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

for (const [how, end] of [
  ["is told to stop", "stop"],
  ["is killed", "kill"],
] as const) {
  test(`after the server ${how} the history is there`, async ({ join, server }) => {
    const ana = await join("ana", "lobby");
    const ben = await join("ben", "lobby");
    for (let i = 1; i <= 5; i++) {
      await say(ana, `ana ${i}`);
      await sees(ben, `ana ${i}`);
      await say(ben, `ben ${i}`);
      await sees(ana, `ben ${i}`);
    }
    const before = await stored(ana.context().request, "lobby");
    const code = await server[end]();
    if (end === "stop") expect(code).toBe(0);
    await server.start();
    expect(await stored(ana.context().request, "lobby")).toEqual(before);
    for (const page of [ana, ben]) {
      await page.reload();
      await inRoom(page, "lobby");
      await expect(messages(page).locator(".text")).toHaveText(before);
    }
    expect(new URL(ana.url()).pathname, "still ana").toBe("/lobby/ana/");
  });

  test(`after the server ${how} pages come back by themselves within two seconds`, async ({ join, server }) => {
    const ana = await join("ana", "lobby");
    const ben = await join("ben", "lobby");
    await say(ana, "before");
    await sees(ben, "before");
    await ana.evaluate(() => Object.assign(window, { sameDocument: true }));
    await server[end]();
    await expect(box(ana)).toBeEnabled();
    await server.start();
    const back = Date.now();
    await post(ben.context().request, "lobby", "after");
    await sees(ana, "after", 2_000);
    expect(Date.now() - back).toBeLessThan(2_000);
    await expect(ana.getByTestId("status")).toHaveText("");
    expect(await ana.evaluate(() => "sameDocument" in window), "not reloaded").toBe(true);
    await say(ana, "and on");
    await sees(ben, "and on");
  });
}

test("what is written while the server is down arrives exactly once", async ({ join, server }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await connected(ana);
  await server.kill();
  for (const text of ["one", "two", "three"]) {
    await expect(box(ana)).toBeEditable();
    await say(ana, text);
    await expect(box(ana)).toHaveValue("");
    await expect(saying(ana, text)).toHaveAttribute("data-state", "pending");
  }
  await expect(ana.getByTestId("status")).toHaveText("Reconnecting…");
  await server.start();
  for (const page of [ana, ben]) for (const text of ["one", "two", "three"]) await sees(page, text, 10_000);
  await expect(messages(ben).locator(".text")).toHaveText(["one", "two", "three"]);
  expect(await stored(ben.context().request, "lobby")).toEqual(["one", "two", "three"]);
});

test("a page reloaded while the answer is awaited sends once", async ({ join, server }) => {
  const ana = await join("ana", "lobby");
  await connected(ana);
  await server.kill();
  await say(ana, "kept");
  await expect(saying(ana, "kept")).toHaveAttribute("data-state", "pending");
  await server.start();
  await ana.reload();
  await inRoom(ana, "lobby");
  await sees(ana, "kept", 10_000);
  expect(await stored(ana.context().request, "lobby")).toEqual(["kept"]);
});

test("edits and deletions made while a page was away are there when it is back", async ({ join, server }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  for (const text of ["stays", "is edited", "is deleted"]) {
    await say(ben, text);
    await sees(ana, text);
  }
  await connected(ana);
  const { request } = ben.context();
  // The page is held off the server while the others go on.
  await ana.context().setOffline(true);
  await server.stop();
  await server.start();
  const edited = await request.patch("/api/v1/rooms/lobby/messages/2", { data: { text: "was edited", version: await version(request, 2) } });
  expect(edited.status()).toBe(200);
  expect((await request.delete("/api/v1/rooms/lobby/messages/3")).status()).toBe(200);
  await post(request, "lobby", "is new");
  await expect(ana.getByTestId("status")).toHaveText(/offline/);
  await ana.context().setOffline(false);
  await expect(messages(ana).locator(".text")).toHaveText(["stays", "was edited", "is new"]);
  await expect(messages(ana).filter({ hasText: "was edited" })).toContainText("edited");
});

async function version(request: Page["request"], number: number): Promise<number> {
  const page = (await (await request.get("/api/v1/rooms/lobby/messages")).json()) as { messages: { number: number; version: number }[] };
  return page.messages.find((m) => m.number === number)?.version ?? 0;
}
