// What is new, and what has been read.

import { enrol, go, line, make, unread } from "./people.ts";
import { choose, messages, post, say, saying, sees } from "./room.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

/** Waits until the server knows that a room has been read. */
const read = (page: Page, room: string) =>
  expect(async () => {
    const hello = (await (await page.request.get("/api/v1/me")).json()) as { me: { rooms: { name: string; unread: number }[] } };
    expect(hello.me.rooms.find((r) => r.name === room)?.unread).toBe(0);
  }).toPass({ timeout: 5_000 });

test("another room turns bold with a count, and opening it clears it in all my tabs", async ({ join }) => {
  const ana = await join("ana", "garden");
  await say(ana, "I am here");
  await sees(ana, "I am here");
  await ana.getByLabel("Join or make a room").fill("lobby");
  await ana.getByLabel("Join or make a room").press("Enter");
  await inRoom(ana, "lobby");
  const second = await ana.context().newPage();
  await second.goto("/lobby/ana/");
  await inRoom(second, "lobby");

  const ben = await join("ben", "garden");
  await say(ben, "one");
  await say(ben, "two");
  for (const page of [ana, second]) {
    await expect(unread(page, "garden")).toHaveText("2");
    await expect(line(page, "garden").locator(".room-name")).toHaveCSS("font-weight", "700");
  }
  await say(ben, "three, @ana");
  for (const page of [ana, second]) await expect(unread(page, "garden")).toHaveText("@1");

  await go(ana, "garden");
  for (const page of [ana, second]) await expect(unread(page, "garden")).toHaveCount(0);
  await read(ana, "garden");
  await say(ben, "four");
  await sees(ana, "four");
  await expect(unread(second, "garden"), "who looks on has read it").toHaveCount(0);
  await read(ana, "garden");
});

test("from a hundred on it is 99+", async ({ join }) => {
  test.setTimeout(60_000);
  const ana = await join("ana", "garden");
  await say(ana, "I am here");
  await sees(ana, "I am here");
  await ana.getByLabel("Join or make a room").fill("lobby");
  await ana.getByLabel("Join or make a room").press("Enter");
  await inRoom(ana, "lobby");
  const ben = await join("ben", "garden");
  for (let i = 1; i <= 101; i++) {
    let response = await ben.request.post("/api/v1/rooms/garden/messages", { data: { text: `${i}` } });
    while (response.status() === 429) response = await ben.request.post("/api/v1/rooms/garden/messages", { data: { text: `${i}` } });
    expect(response.status()).toBe(201);
  }
  await expect(unread(ana, "garden")).toHaveText("99+");
  await go(ana, "garden");
  await expect(ana.getByTestId("to-new")).toContainText("99+ new messages");
  await ana.getByTestId("to-new").click();
  await expect(saying(ana, "1")).toBeInViewport();
  await expect(ana.getByTestId("new-line")).toBeInViewport();
  await expect(ana.getByTestId("to-new")).toHaveCount(0);
});

test("a “New” line stands before the first unread message, and “mark unread from here” puts it back", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  await make(ana, "garden");
  await go(ana, "lobby");
  const ben = await join("ben", "garden");
  for (const text of ["one", "two", "three"]) await say(ben, text);
  await sees(ben, "three");
  await expect(unread(ana, "garden")).toHaveText("3");
  await go(ana, "garden");
  const first = ana.getByTestId("new-line").locator("xpath=following-sibling::*[1]");
  await expect(first).toContainText("one");
  await read(ana, "garden");
  await ana.reload();
  await inRoom(ana, "garden");
  await expect(messages(ana)).toHaveCount(3);
  await expect(ana.getByTestId("new-line"), "all of it has been read").toHaveCount(0);

  const second = await ana.context().newPage();
  await second.goto("/garden/ana/");
  await inRoom(second, "garden");
  await choose(ana, "two", "Mark unread from here");
  await expect(first).toContainText("two");
  for (const page of [ana, second]) await expect(unread(page, "garden"), "although it is looked at").toHaveText("2");
  await post(ben.request, "garden", "four");
  await sees(ana, "four");
  await expect(unread(ana, "garden")).toHaveText("3");
  await go(ana, "lobby");
  await go(second, "lobby");
  await expect(unread(ana, "garden")).toHaveText("3");
  await go(ana, "garden");
  await expect(first).toContainText("two");
  await expect(unread(ana, "garden")).toHaveCount(0);
  await expect(unread(second, "garden")).toHaveCount(0);
});
