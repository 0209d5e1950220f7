// Pictures of rooms, dialogs and panels, to be looked at, beside those of look.spec.ts.

import { setUp } from "./office.ts";
import { about, add, dialog, enrol, go, line, make, pick, writeTo } from "./people.ts";
import { box, connected, post, say, saying, sees } from "./room.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

const looks = {
  desk: { viewport: { width: 1280, height: 800 } },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  "phone-dark": { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: "dark" },
} as const;

const folder = process.env.SHOTS_DIR ?? new URL("shots", import.meta.url).pathname;
const shot = (page: Page, name: string) => page.screenshot({ path: `${folder}/${name}.png`, animations: "disabled" });

/** Shows the rooms, where they slide in. */
async function slide(page: Page): Promise<void> {
  const rooms = page.getByRole("button", { name: "Rooms", exact: true });
  if (await rooms.isVisible()) await rooms.click();
}

test("rooms, people and dialogs are drawn", async ({ join, someone, server }) => {
  test.setTimeout(240_000);
  const olga = await (await someone()).newPage();
  await setUp(olga, server, "olga");
  const ana = await join("ana", "lobby");
  await enrol(ana);
  const ben = await join("ben", "lobby");
  const clara = await join("Clara Müller", "lobby");
  await make(ana, "board", "private", "Who does what until spring");
  await add(ana, "ben");
  await add(ana, "Clara Müller");
  await go(ben, "board");
  await say(ben, "The shed key is with me.");
  await say(ben, "And the ladder is mended.");
  await say(ana, "Lovely, thank you!");
  await sees(ana, "Lovely, thank you!");
  await make(ana, "book club");
  await make(ana, "an archive of long forgotten things");
  await about(ana, "Room settings");
  await dialog(ana).getByRole("button", { name: "Archive" }).click();
  await expect(ana.getByTestId("quiet")).toBeVisible();
  await writeTo(ana, "ben");
  await say(ana, "Are you coming on Saturday?");
  await writeTo(ana, "ben", "Clara Müller");
  await say(ana, "Just us three");
  await sees(ana, "Just us three");
  await go(ana, "lobby");
  await go(clara, "board");
  await say(clara, "I bring the compost. @ana, do you have the list?");
  for (const text of ["And a wheelbarrow", "The old one squeaks", "🌱"]) await say(clara, text);
  await go(ben, "ana");
  await say(ben, "Of course.");
  await ben.getByTestId("room-list").getByRole("link").filter({ hasText: "lobby" }).click();
  await inRoom(ben, "lobby");
  await say(ben, "Good morning, all");
  await sees(ana, "Good morning, all");
  await expect(line(ana, "board").getByTestId("unread")).toHaveText("@1");
  const state = await ana.context().storageState();
  const benState = await ben.context().storageState();

  for (const [look, options] of Object.entries(looks)) {
    const page = await (await someone({ ...options, storageState: state })).newPage();
    await page.goto("/lobby/ana/");
    await inRoom(page, "lobby");
    await connected(page);
    await slide(page);
    await expect(line(page, "book club")).toBeVisible();
    await shot(page, `rooms-${look}`);
    await page.getByTestId("me").click();
    await shot(page, `me-${look}`);
    await page.keyboard.press("Escape");
    await page.getByTestId("new-room").click();
    await page.getByRole("textbox", { name: "Name" }).fill("seeds and cuttings");
    await shot(page, `new-room-${look}`);
    await page.keyboard.press("Escape");
    await page.getByTestId("write-to").click();
    await pick(page, "ben");
    await dialog(page).getByRole("combobox").fill("c");
    await expect(dialog(page).getByRole("option")).toHaveCount(1);
    await shot(page, `write-to-${look}`);
    await page.keyboard.press("Escape");

    if (look.startsWith("phone")) await page.keyboard.press("Escape");
    const other = await (await someone({ ...options, storageState: state })).newPage();
    await other.goto(`/${(await line(ana, "board").getAttribute("href"))?.split("/")[1]}/ana/`);
    await inRoom(other, "board");
    await expect(saying(other, "🌱")).toBeVisible();
    await connected(other);
    await shot(other, `private-${look}`);
    await other.getByTestId("room-menu").click();
    await shot(other, `room-menu-${look}`);
    await other.keyboard.press("Escape");
    for (const [words, name] of [
      ["Members", "members"],
      ["Room settings", "settings"],
      ["What I am told", "notify"],
      ["Invite by a link", "invite"],
    ] as const) {
      await about(other, words);
      await expect(dialog(other)).toBeVisible();
      if (name === "members") await expect(dialog(other).getByTestId("members")).toContainText("ben");
      if (name === "invite") {
        await dialog(other).getByRole("button", { name: "Make a link" }).click();
        await expect(dialog(other).getByTestId("invite")).toBeVisible();
        await expect(dialog(other).locator("img")).toHaveJSProperty("complete", true);
      }
      await shot(other, `${name}-${look}`);
      await other.keyboard.press("Escape");
    }
    await saying(other, "The shed key is with me.").getByRole("button", { name: "ben", exact: true }).click();
    await expect(dialog(other)).toContainText("Guest");
    await shot(other, `person-${look}`);
    await other.keyboard.press("Escape");
    const said = saying(other, "The shed key is with me.");
    if (look.startsWith("phone")) await said.locator(".bubble").tap();
    else {
      await said.hover();
      await said.getByRole("button", { name: /^More about/ }).click();
    }
    await shot(other, `message-menu-${look}`);
    await other.getByRole("menuitem", { name: /^Mute/ }).click();
    await expect(dialog(other)).toBeVisible();
    await shot(other, `mute-${look}`);
    await other.keyboard.press("Escape");

    const guest = await (await someone({ ...options, storageState: benState })).newPage();
    await guest.goto("/lobby/ben/");
    await inRoom(guest, "lobby");
    await connected(guest);
    await slide(guest);
    await expect(guest.getByTestId("nudge")).toBeVisible();
    await shot(guest, `nudge-${look}`);
    for (const p of [page, other, guest]) await p.close();
  }

  // What stands where nobody writes.
  const id = await line(ana, "board").getAttribute("data-room");
  const lobby = await line(ana, "lobby").getAttribute("data-room");
  await olga.request.post("/", { form: { username: "olga", room: "lobby" } });
  const quiet = await (await someone({ storageState: benState })).newPage();
  const phone = await (await someone({ ...looks["phone-dark"], storageState: benState })).newPage();
  for (const p of [quiet, phone]) {
    await p.goto(`/${(await line(ana, "board").getAttribute("href"))?.split("/")[1]}/ben/`);
    await inRoom(p, "board");
    await connected(p);
  }
  const benID = ((await (await ben.request.get("/api/v1/me")).json()) as { me: { user: { id: string } } }).me.user.id;
  await ana.request.patch(`/api/v1/rooms/${id}/members/${benID}`, { data: { muted_until: Date.now() + 3_600_000, why: "rest" } });
  await expect(quiet.getByTestId("quiet")).toBeVisible();
  await shot(quiet, "muted-desk");
  await expect(phone.getByTestId("quiet")).toBeVisible();
  await shot(phone, "muted-phone-dark");
  await ana.request.patch(`/api/v1/rooms/${id}/members/${benID}`, { data: { muted_until: 0 } });
  await box(quiet).fill("I had begun to write this, and then");
  await ana.request.delete(`/api/v1/rooms/${id}/members/${benID}`);
  await expect(quiet.getByTestId("gone")).toBeVisible();
  await shot(quiet, "removed-desk");
  await expect(phone.getByTestId("gone")).toBeVisible();
  await shot(phone, "removed-phone-dark");

  await olga.request.patch(`/api/v1/rooms/${lobby}`, { data: { slow: 30 } });
  await quiet.goto("/lobby/ben/");
  await inRoom(quiet, "lobby");
  await connected(quiet);
  await say(quiet, "first");
  await say(quiet, "second");
  await expect(quiet.getByTestId("pace")).toBeVisible();
  await shot(quiet, "slow-desk");
  await olga.request.patch("/api/v1/settings", { data: { hold_first: true } });
  const newcomer = await join("newcomer", "lobby");
  await connected(newcomer);
  await say(newcomer, "hello, I am new here");
  await expect(newcomer.locator("[data-state=held]")).toBeVisible();
  await shot(newcomer, "held-desk");
  await post(olga.request, "book club", "x").catch(() => 0);
});
