// Networks that do not let WebSocket through: everything still works, by one connection for all tabs of a browser.

import type { BrowserContext } from "@playwright/test";
import { Proxy, type Upgrades } from "./proxy.ts";
import { box, messages, post, say, saying, sees, stored } from "./room.ts";
import { test as base, expect, inRoom, joinAs, type Page } from "./test.ts";

const test = base.extend<{ middle: Proxy }>({
  middle: async ({ server }, use) => {
    const proxy = await Proxy.before(server);
    await use(proxy);
    await proxy.close();
  },
});

/** Milliseconds that a message may take. */
const SOON = 2_000;

/** A browser behind the proxy, with a first tab where somebody has joined a room. */
async function behind(someone: (options: { baseURL: string }) => Promise<BrowserContext>, proxy: Proxy, username = "ana", room = "lobby") {
  const context = await someone({ baseURL: proxy.url });
  const page = await context.newPage();
  await page.goto("/");
  await joinAs(page, username, room);
  return { context, page };
}

/** Opens one more tab of somebody who has joined. */
async function tab(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  await expect(page.getByRole("log")).toBeVisible();
  return page;
}

/** Waits until the page has a connection by HTTP: the server's word of who is here came over it. */
const connected = (page: Page, count = /\d here/) => expect(page.getByTestId("who")).toContainText(count, { timeout: 10_000 });

const withoutLocks = () => Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });

for (const upgrades of ["refuse", "strip", "hang", "cut"] satisfies Upgrades[]) {
  test(`where upgrades meet "${upgrades}" messages, typing and presence come and go`, async ({ someone, join, middle }) => {
    const ben = await join("ben", "lobby");
    middle.upgrades = upgrades;
    const { page: ana } = await behind(someone, middle);
    await connected(ana, /2/);
    await connected(ben, /2/);
    await say(ana, "without a socket");
    await sees(ben, "without a socket", SOON);
    await sees(ana, "without a socket", SOON);
    await say(ben, "it works");
    await sees(ana, "it works", SOON);
    await box(ben).pressSequentially("typ");
    await expect(ana.getByTestId("typing")).toContainText("ben");
    await box(ana).pressSequentially("typ");
    await expect(ben.getByTestId("typing")).toContainText("ana");
    await box(ana).fill("");
    await expect(ana.getByTestId("status")).toHaveText("");
    await ana.getByLabel("Join or make a room").fill("garden");
    await ana.getByLabel("Join or make a room").press("Enter");
    await inRoom(ana, "garden");
    await ana.goBack();
    await inRoom(ana, "lobby");
    await expect(messages(ana).locator(".text")).toHaveText(["without a socket", "it works"]);
    await ana.close();
    await connected(ben, /1/);
  });
}

for (const [how, hold, locks] of [
  ["one stream", false, true],
  ["one poll, behind a proxy that holds streams back", true, true],
  ["short polls, in a browser without locks", false, false],
] as const) {
  test(`nine tabs read by ${how}, and clicks do not hang`, async ({ someone, join, middle }) => {
    const ben = await join("ben", "lobby");
    middle.upgrades = "refuse";
    middle.holdStreams = hold;
    const { context, page: first } = await behind(someone, middle);
    if (!locks) await context.addInitScript(withoutLocks);
    expect((await context.request.post("/api/v1/rooms/garden/join")).status()).toBe(200);
    const tabs = [first];
    if (!locks) await first.reload();
    for (let i = 2; i <= 9; i++) tabs.push(await tab(context, i % 3 === 0 ? "/garden/ana/" : "/lobby/ana/"));
    for (const page of tabs) await connected(page);
    for (const page of tabs) {
      if (page.url().includes("garden")) continue;
      const began = Date.now();
      const text = `from ${tabs.indexOf(page)}`;
      await say(page, text);
      await sees(page, text, SOON);
      expect(Date.now() - began).toBeLessThan(SOON);
      await sees(ben, text, SOON);
    }
    await say(ben, "to all");
    for (const page of tabs) if (!page.url().includes("garden")) await sees(page, "to all", SOON);
    const all = await stored(ben.context().request, "lobby");
    for (const page of tabs) if (!page.url().includes("garden")) await expect(messages(page).locator(".text")).toHaveText(all);
    const garden = tabs.filter((page) => page.url().includes("garden"));
    await post(context.request, "garden", "hello, garden");
    for (const page of garden) await sees(page, "hello, garden", SOON);
    // A page that is loaded at this moment is not kept waiting by the others' reading.
    const began = Date.now();
    await tabs.at(-1)?.goto("/lobby/ana/");
    await inRoom(tabs.at(-1) as Page, "lobby");
    expect(Date.now() - began).toBeLessThan(4_000);
  });
}

for (const hold of [false, true]) {
  test(`when the leading tab closes another one takes over${hold ? ", by polls" : ""}: nothing is missing or doubled`, async ({ someone, join, middle }) => {
    const ben = await join("ben", "lobby");
    middle.upgrades = "refuse";
    middle.holdStreams = hold;
    const { context, page: first } = await behind(someone, middle);
    const others = [await tab(context, "/lobby/ana/"), await tab(context, "/lobby/ana/")];
    await connected(first);
    for (const page of others) await connected(page);
    const { request } = ben.context();
    const said: string[] = [];
    const speak = async (text: string) => {
      said.push(text);
      await post(request, "lobby", text);
    };
    await speak("before");
    for (const page of others) await sees(page, "before", SOON);
    const closing = first.close();
    for (let i = 1; i <= 20; i++) await speak(`meanwhile ${i}`);
    await closing;
    await speak("after");
    for (const page of others) {
      await sees(page, "after", SOON);
      await expect(messages(page).locator(".text")).toHaveText(said);
    }
    await others[0]?.close();
    await speak("to the last one");
    await sees(others[1] as Page, "to the last one", SOON);
    await expect(messages(others[1] as Page).locator(".text")).toHaveText(said);
  });
}

test("as soon as the network lets sockets through they are used again", async ({ someone, join, middle }) => {
  const ben = await join("ben", "lobby");
  middle.upgrades = "refuse";
  const { page: ana, context } = await behind(someone, middle);
  await connected(ana);
  middle.upgrades = "pass";
  const socket = ana.waitForEvent("websocket");
  await context.setOffline(true);
  await context.setOffline(false); // it is another network now, for all the page knows
  await socket;
  await say(ana, "on the way");
  await sees(ben, "on the way");
  // Without HTTP the page still hears: it has gone over.
  await expect
    .poll(async () => {
      const before = middle.passed.length;
      await post(ben.context().request, "lobby", `probe ${Math.random()}`);
      await say(ana, `by ${Math.random()}`);
      await expect(messages(ana).filter({ hasText: "by" }).last()).not.toHaveAttribute("data-state");
      return middle.passed.slice(before).some((line) => line.startsWith("POST"));
    })
    .toBe(false);
});

test("the server's restart loses nothing on the way round either", async ({ someone, join, middle, server }) => {
  const ben = await join("ben", "lobby");
  middle.upgrades = "refuse";
  const { context, page: ana } = await behind(someone, middle);
  const second = await tab(context, "/lobby/ana/");
  await connected(ana);
  await connected(second);
  await server.kill();
  await say(ana, "written meanwhile");
  await expect(saying(ana, "written meanwhile")).toHaveAttribute("data-state", "pending");
  await server.start();
  for (const page of [ana, second, ben]) await sees(page, "written meanwhile", 10_000);
  expect(await stored(ben.context().request, "lobby")).toEqual(["written meanwhile"]);
});

test("a tab of who was here before hears nothing of who is here now, and says nothing in their name", async ({ someone, join, middle }) => {
  const ben = await join("ben", "lobby");
  middle.upgrades = "refuse";
  const { context, page: ana } = await behind(someone, middle);
  await connected(ana);
  const second = await tab(context, "/lobby/ana/");
  await connected(second);
  await second.getByRole("button", { name: "Leave" }).click();
  await second.getByRole("main").getByRole("button", { name: "Leave" }).click();
  await expect(ana.getByTestId("status")).toContainText("session has ended", { timeout: 10_000 });
  await second.goto("/");
  await joinAs(second, "cleo", "lobby");
  await connected(second);
  await say(second, "I am cleo");
  await sees(ben, "I am cleo", SOON);
  await say(ana, "I was ana");
  await expect(messages(ana).filter({ hasText: "I am cleo" })).toHaveCount(0);
  expect(await stored(ben.context().request, "lobby")).toEqual(["I am cleo"]);
});
