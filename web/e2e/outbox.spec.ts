// The outbox: what is written is sent exactly once and in order, by whichever tab is there, as the one who wrote it.

import { answering } from "./answers.ts";
import { box, connected, messages, say, saying, sees, stored } from "./room.ts";
import { expect, inRoom, joinAs, type Page, test } from "./test.ts";

/** Goes to a room by the list at the side. */
async function goTo(page: Page, room: string): Promise<void> {
  await page.getByTestId("room-list").getByRole("link", { name: room }).click();
  await inRoom(page, room);
}

/** Joins more rooms. */
async function joinAlso(page: Page, ...rooms: string[]): Promise<void> {
  for (const room of rooms) {
    await page.getByLabel("Join or make a room").fill(room);
    await page.getByLabel("Join or make a room").press("Enter");
    await inRoom(page, room);
  }
}

/** The page's process is gone from one moment to the next. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  session.send("Page.crash").catch(() => {});
  await crashed;
  await page.close();
}

for (const [how, end] of [
  ["closed", (page: Page) => page.close()],
  ["killed", crash],
] as const) {
  test(`offline, five messages in three rooms, the tab ${how}, another opened online: exactly five, in order`, async ({ join, network }) => {
    const ana = await join("ana", "lobby", { baseURL: network.url });
    const ben = await join("ben", "lobby");
    const context = ana.context();
    await joinAlso(ana, "garden", "music");
    await connected(ana);
    network.cut();
    await context.setOffline(true);
    for (const [room, text] of [
      ["music", "music 1"],
      ["garden", "garden 1"],
      ["lobby", "lobby 1"],
      ["garden", "garden 2"],
      ["garden", "garden 3"],
    ] as const) {
      await goTo(ana, room);
      await say(ana, text);
      await expect(saying(ana, text)).toHaveAttribute("data-state", "pending");
    }
    await end(ana);
    network.down = false;
    await context.setOffline(false);
    const again = await context.newPage();
    await again.goto(`${network.url}/garden/ana/`);
    await inRoom(again, "garden");
    for (const [room, texts] of [
      ["garden", ["garden 1", "garden 2", "garden 3"]],
      ["lobby", ["lobby 1"]],
      ["music", ["music 1"]],
    ] as const) {
      await expect.poll(() => stored(ben.context().request, room)).toEqual(texts);
      await goTo(again, room);
      for (const text of texts) await sees(again, text);
    }
    await again.reload();
    await connected(again);
    for (const room of ["garden", "lobby", "music"]) expect(await stored(ben.context().request, room), room).toHaveLength({ garden: 3, lobby: 1, music: 1 }[room] ?? 0);
  });
}

test("a tab that is killed right after Enter has kept the message", async ({ join, network }) => {
  const ana = await join("ana", "lobby", { baseURL: network.url });
  const context = ana.context();
  await connected(ana);
  network.cut();
  await box(ana).fill("just in time");
  await box(ana).press("Enter");
  await crash(ana);
  network.down = false;
  const again = await context.newPage();
  await again.goto(`${network.url}/lobby/ana/`);
  await sees(again, "just in time");
  await expect(box(again), "and is not a draft too").toHaveValue("");
  expect(await stored(context.request, "lobby")).toEqual(["just in time"]);
});

test("the server is killed while its answers are lost: three messages, once each, in order", async ({ join, server }) => {
  const ben = await join("ben", "lobby");
  const ana = await join("ana", "lobby");
  let dropping = true;
  const posts = await answering(ana, () => (dropping ? "lose" : "pass"));
  await ana.reload();
  await connected(ana);
  for (const text of ["one", "two", "three"]) await say(ana, text);
  await expect.poll(() => stored(ben.context().request, "lobby"), "the first is stored, and ana does not know").toEqual(["one"]);
  await expect(saying(ana, "one")).toHaveAttribute("data-state", "pending");
  await server.kill();
  dropping = false;
  await server.start();
  for (const text of ["one", "two", "three"]) await sees(ana, text, 10_000);
  expect(await stored(ben.context().request, "lobby")).toEqual(["one", "two", "three"]);
  expect(posts.filter((p) => p.text === "one").length, "it was posted again").toBeGreaterThan(1);
});

test.describe("two tabs", () => {
  test("show each other's unsent messages at once, and send each once", async ({ join, network }) => {
    const one = await join("ana", "lobby", { baseURL: network.url });
    const ben = await join("ben", "lobby");
    const two = await one.context().newPage();
    await two.goto(`${network.url}/lobby/ana/`);
    for (const page of [one, two]) await connected(page);
    network.cut();
    await say(one, "from one");
    await expect(saying(two, "from one")).toHaveAttribute("data-state", "pending", { timeout: 1_000 });
    await say(two, "from two");
    await expect(saying(one, "from two")).toHaveAttribute("data-state", "pending", { timeout: 1_000 });
    network.down = false;
    for (const page of [one, two]) for (const text of ["from one", "from two"]) await sees(page, text, 10_000);
    for (const page of [one, two]) await expect(messages(page).locator(".text")).toHaveText(["from one", "from two"]);
    expect(await stored(ben.context().request, "lobby")).toEqual(["from one", "from two"]);
  });

  test("hand over when the one that sends is closed in the middle", async ({ join }) => {
    const two = await join("ana", "lobby");
    const ben = await join("ben", "lobby");
    const one = await two.context().newPage();
    await answering(one, () => "lose");
    await one.goto("/lobby/ana/");
    for (const page of [one, two]) await connected(page);
    for (const text of ["half sent", "not sent", "nor this"]) await say(one, text);
    await expect.poll(() => stored(ben.context().request, "lobby")).toEqual(["half sent"]);
    await expect(saying(two, "not sent")).toHaveAttribute("data-state", "pending");
    await crash(one);
    for (const text of ["half sent", "not sent", "nor this"]) await sees(two, text, 4_000);
    expect(await stored(ben.context().request, "lobby")).toEqual(["half sent", "not sent", "nor this"]);
  });

  test("go on when the one that sends is frozen by the browser", async ({ join }) => {
    const one = await join("ana", "lobby");
    const ben = await join("ben", "lobby");
    await connected(one);
    await say(one, "before");
    await sees(ben, "before");
    const two = await one.context().newPage();
    await two.goto("/lobby/ana/");
    await connected(two);
    const session = await one.context().newCDPSession(one);
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    await say(two, "after");
    await sees(ben, "after", 2_000);
    await sees(two, "after", 2_000);
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await sees(one, "after");
    expect(await stored(ben.context().request, "lobby")).toEqual(["before", "after"]);
  });

  test("share the draft of a room, but nothing changes under who is typing", async ({ join }) => {
    const one = await join("ana", "lobby");
    const two = await one.context().newPage();
    await two.goto("/lobby/ana/");
    await inRoom(two, "lobby");
    await box(two).evaluate((b) => b.blur());
    await box(one).pressSequentially("a thought");
    await expect(box(two)).toHaveValue("a thought");
    await box(two).pressSequentially(", and another");
    await expect(box(one), "the focus is here").toHaveValue("a thought");
    await box(one).evaluate((b) => b.blur());
    await box(two).press("!");
    await expect(box(one)).toHaveValue("a thought, and another!");
    await box(two).press("Enter");
    await expect(box(one), "what is sent is no draft").toHaveValue("");
  });
});

test.describe("one browser, two people", () => {
  test("what ana wrote is not sent as carl, who came in by another tab, and is ana's still", async ({ join, network, server }) => {
    const ana = await join("ana", "lobby", { baseURL: network.url });
    const ben = await join("ben", "lobby");
    const context = ana.context();
    await connected(ana);
    const cookies = await context.cookies();
    network.cut();
    await say(ana, "only as ana");
    await box(ana).pressSequentially("half a tho");

    // Her session goes on elsewhere; in this browser there is somebody else now, and the old tab learns it when it is back.
    await context.clearCookies();
    const carl = await context.newPage();
    await carl.goto(server.url);
    await joinAs(carl, "carl", "lobby");
    network.down = false;
    await expect(ana.locator("input[name=room]"), "the old tab is not ana's any more").toHaveValue("lobby");
    await carl.goto(`${network.url}/lobby/carl/`);
    await connected(carl);
    await expect(messages(carl)).toHaveCount(0);
    await expect(box(carl)).toHaveValue("");
    await say(carl, "as carl");
    await sees(ben, "as carl");
    expect(await stored(ben.context().request, "lobby")).toEqual(["as carl"]);

    await context.clearCookies();
    await context.addCookies(cookies);
    await ana.goto(`${network.url}/lobby/ana/`);
    await sees(ana, "only as ana");
    await expect(box(ana)).toHaveValue("half a tho");
    await expect(saying(ben, "only as ana")).toHaveCount(1);
    await expect(messages(ben).filter({ hasText: "only as ana" }).getByText("ana", { exact: true })).toHaveCount(1);
    expect(await stored(ben.context().request, "lobby")).toEqual(["as carl", "only as ana"]);
  });

  test("what is written under one name is sent under the new one by the same person", async ({ join, network }) => {
    const ana = await join("ana", "lobby", { baseURL: network.url });
    const ben = await join("ben", "lobby");
    const context = ana.context();
    await connected(ana);
    network.cut();
    await say(ana, "written as ana");
    await expect(saying(ana, "written as ana")).toHaveAttribute("data-state", "pending");
    await ana.close();
    network.down = false;
    const page = await context.newPage();
    await page.goto(network.url);
    await page.locator("input[name=username]").fill("anna");
    await page.locator("input[name=room]").fill("lobby");
    await page.locator("input[name=room]").press("Enter");
    await page.getByRole("button", { name: "Change my name" }).click();
    await inRoom(page, "lobby");
    await sees(page, "written as ana");
    await expect(messages(ben).getByText("anna", { exact: true })).toHaveCount(1);
    expect(await stored(ben.context().request, "lobby")).toEqual(["written as ana"]);
  });
});

test("what the page kept before it had a database is taken over", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  const { user } = (await (await ana.request.get("/api/v1/me")).json()).me as { user: { id: string } };
  const { epoch } = (await (await ana.request.get("/api/v1/me")).json()) as { epoch: string };
  await ana.evaluate(
    ([id, at]) => {
      localStorage.setItem(`parley/${id}/draft/r1`, "half a tho");
      const entry = { key: "01JD3F0M3S8Q4R6T8V0X2Z4B6D", room: "r1", text: "from before", at: 1_790_000_000_000, owner: "another", epoch: at };
      localStorage.setItem(`parley/${id}/outbox/${entry.key}`, JSON.stringify(entry));
    },
    [user.id, epoch] as const,
  );
  await ana.reload();
  await inRoom(ana, "lobby");
  await expect(box(ana)).toHaveValue("half a tho");
  await sees(ben, "from before");
  expect(await ana.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("parley/u")))).toEqual([]);
  await ana.reload();
  await connected(ana);
  expect(await stored(ben.context().request, "lobby")).toEqual(["from before"]);
});
