// Pictures of the pages, to be looked at: they are written to shots/ and compared with nothing.

import { answering } from "./answers.ts";
import { removeTicked, setUp } from "./office.ts";
import { box, connected, messages, post, say, saying } from "./room.ts";
import { expect, inRoom, joinAs, type Page, test } from "./test.ts";

const looks = {
  desk: { viewport: { width: 1280, height: 800 } },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  "phone-dark": { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: "dark" },
} as const;

const shot = (page: Page, name: string) =>
  page.screenshot({ path: new URL(`shots/${name}.png`, import.meta.url).pathname, animations: "disabled" });

test("the pages are drawn", async ({ join, someone, server }) => {
  test.setTimeout(120_000);
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  const clara = await join("Clara Müller", "music");
  await say(clara, "…");
  for (const name of ["garden", "book club", "a room with a rather long name that does not fit"]) {
    await ben.getByLabel("Join or make a room").fill(name);
    await ben.getByLabel("Join or make a room").press("Enter");
    await inRoom(ben, name);
  }
  await ben.getByTestId("room-list").getByRole("link", { name: "lobby" }).click();
  await inRoom(ben, "lobby");
  const lines: [Page, string][] = [
    [ana, "Good morning! Who is coming to the garden on Saturday?"],
    [ben, "I am."],
    [ben, "Shall I bring the ladder? The one in the shed is broken, and the pears are too high up to reach without one. Last year we shook the tree, and half of them went brown within a week."],
    [ana, "Yes please 🙏"],
    [ben, "🍐🍐🍐"],
    [ana, "Here is how to keep them: https://example.org/keeping-pears-through-the-winter"],
    [ana, "You will need:\n  - a dry cellar\n  - old newspapers\n  - patience"],
    [ben, "<script>alert('pears')</script>"],
  ];
  for (const [page, text] of lines) {
    await say(page, text);
    await expect(messages(ben).filter({ hasNot: ben.locator("[data-state]") })).toHaveCount(lines.findIndex((l) => l[1] === text) + 1);
  }
  await box(ana).press("ArrowUp");
  await box(ana).press("End");
  await box(ana).pressSequentially(" (and a ladder)");
  await box(ana).press("Enter");
  await expect(messages(ben).filter({ hasText: "edited" })).toHaveCount(1);
  await box(ben).pressSequentially("I will b");

  const state = await ana.context().storageState();
  const olga = await someone();
  await setUp(await olga.newPage(), server, "olga");
  await olga.request.post("/", { form: { username: "olga", room: "lobby" } });
  await post(olga.request, "lobby", "Lovely. I bring cake.");
  const olgaState = await olga.storageState();

  for (const [look, options] of Object.entries(looks)) {
    const visitor = await (await someone(options)).newPage();
    await visitor.goto("/");
    await shot(visitor, `join-${look}`);
    await visitor.getByLabel("Your name").fill("ana");
    await visitor.getByLabel("Room").fill("lobby");
    await visitor.getByRole("button", { name: "Join", exact: true }).click();
    await shot(visitor, `join-taken-${look}`);

    const page = await (await someone({ ...options, storageState: state })).newPage();
    await page.goto("/lobby/ana/");
    await inRoom(page, "lobby");
    await expect(page.getByTestId("who")).toContainText("2");
    await box(ben).pressSequentially("r");
    await expect(page.getByTestId("typing")).toContainText("ben");
    await shot(page, `room-${look}`);
    await page.getByTestId("who").click();
    await shot(page, `room-here-${look}`);
    await page.getByTestId("who").click();
    if (look.startsWith("phone")) {
      await saying(page, "Yes please 🙏").getByText("Yes please").tap();
      await expect(page.getByRole("menu")).toBeVisible();
      await shot(page, `room-menu-${look}`);
      await page.getByRole("button", { name: "Rooms" }).tap();
      await expect(page.getByTestId("room-list")).toBeInViewport();
      await shot(page, `rooms-${look}`);
    } else {
      await saying(page, "Yes please 🙏").hover();
      await saying(page, "Yes please 🙏").getByRole("button", { name: /^More about/ }).click();
      await shot(page, `room-menu-${look}`);
    }
    const plain = await (await someone({ ...options, storageState: state, javaScriptEnabled: false })).newPage();
    await plain.goto("/lobby/ana/");
    await shot(plain, `room-plain-${look}`);
    await page.goto("/nowhere/ana/");
    await shot(page, `no-room-${look}`);

    const office = await (await someone({ ...options, storageState: olgaState })).newPage();
    for (const [name, address] of [
      ["index", ""],
      ["rooms", "rooms/"],
      ["messages", "messages/"],
      ["users", "users/"],
      ["message", "messages/1/3/"],
      ["delete", "messages/delete?pick=1/3&pick=1/4"],
      ["log", "log/"],
    ] as const) {
      await office.goto(`/admin/${address}`);
      await shot(office, `admin-${name}-${look}`);
    }
    for (const context of [visitor, page, plain, office].map((p) => p.context())) await context.close();
  }
});

test("an empty room is drawn", async ({ join }) => {
  const ana = await join("ana", "empty");
  await connected(ana);
  await shot(ana, "room-empty");
});

test("messages that are not sent are drawn", async ({ join, someone, network, server }) => {
  test.setTimeout(120_000);
  const reason = { code: "invalid", message: "The text has characters that cannot be shown." };
  const olga = await (await someone()).newPage();
  await setUp(olga, server, "olga");
  for (const [i, [look, options]] of Object.entries(looks).entries()) {
    const name = `ana${i}`;
    const context = await someone({ ...options, baseURL: network.url });
    await answering(context, ({ text }) => (text.startsWith("No") ? reason : text.startsWith("Full") ? { code: "unavailable", message: "The disk is full." } : "pass"));
    await join(`ben${i}`, name);
    const page = await context.newPage();
    const send = async (text: string) => {
      await box(page).fill(text);
      await page.getByTestId("send").click();
    };
    await page.goto("/");
    await joinAs(page, name, "garden");
    await connected(page);
    await send("No. This one cannot be sent to the garden.");
    await expect(page.getByTestId("restore")).toBeVisible();
    await page.goto("/");
    await joinAs(page, name, name);
    await connected(page);
    await send("Good morning.");
    await expect(messages(page).and(page.locator("[data-number]"))).toHaveCount(1);
    await send("No. This one is refused for good, and has a text that is long enough to be broken into lines.");
    await send("Full");
    await expect(page.getByTestId("retry")).toHaveCount(1);
    await send("This one waits for the one before.");
    await shot(page, `unsent-${look}`);
    network.cut();
    await context.setOffline(true);
    await expect(page.getByTestId("status")).toContainText("offline");
    await expect(page.getByTestId("retry")).toHaveCount(2, { timeout: 8_000 });
    await shot(page, `offline-${look}`);
    network.down = false;
    await context.setOffline(false);
    await olga.goto("/admin/rooms/");
    await removeTicked(olga, "garden");
    await expect(page.getByRole("group", { name: "Messages to rooms that are gone" })).toBeVisible({ timeout: 10_000 });
    await shot(page, `stranded-${look}`);
    await context.close();
  }
});
