// Whether everybody can use the rooms, their dialogs and panels: by keyboard, with a screen reader, in light and dark colours.

import AxeBuilder from "@axe-core/playwright";
import { about, add, dialog, enrol, go, line, make, pick } from "./people.ts";
import { box, choose, connected, say, saying, sees } from "./room.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

/** Expects axe to find nothing that is serious or critical. */
async function accessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const bad = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  expect(bad.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} (${n.failureSummary?.split("\n")[1]?.trim()})`).join("; ")}`), where).toEqual([]);
}

for (const [look, viewport, colorScheme] of [
  ["on a desk in light colours", { width: 1280, height: 800 }, "light"],
  ["on a phone in dark colours", { width: 390, height: 844 }, "dark"],
] as const) {
  test(`rooms and dialogs ${look}`, async ({ join, someone }) => {
    test.setTimeout(90_000);
    const ben = await join("ben", "lobby");
    const ana = await join("ana", "lobby");
    await enrol(ana);
    await make(ana, "board", "private", "Who does what");
    await add(ana, "ben");
    await go(ben, "board");
    await say(ben, "for @ana");
    await sees(ana, "for @ana");
    await go(ana, "lobby");
    await say(ben, "and more for @ana");
    await expect(line(ana, "board").getByTestId("unread")).toBeVisible();

    const page = await (await someone({ viewport, colorScheme, reducedMotion: "reduce", storageState: await ana.context().storageState() })).newPage();
    await page.goto("/lobby/ana/");
    await inRoom(page, "lobby");
    await connected(page);
    const slide = async () => {
      const rooms = page.getByRole("button", { name: /^Rooms/ });
      if (await rooms.isVisible()) await rooms.click();
    };
    await slide();
    await accessible(page, "the rooms");
    await page.getByTestId("me").click();
    await accessible(page, "my menu");
    await page.keyboard.press("Escape");
    await page.getByTestId("new-room").click();
    await accessible(page, "a new room");
    await page.keyboard.press("Escape");
    await page.getByTestId("write-to").click();
    await pick(page, "ben");
    await accessible(page, "writing to somebody");
    await page.keyboard.press("Escape");
    await line(page, "board").click();
    await inRoom(page, "board");
    await expect(page.getByTestId("new-line")).toBeVisible();
    await accessible(page, "a room with a new line");
    for (const words of ["Members", "Add people", "Invite by a link", "What I am told", "Room settings", "Leave this room"]) {
      await about(page, words);
      await expect(dialog(page)).toBeVisible();
      if (words === "Invite by a link") await dialog(page).getByRole("button", { name: "Make a link" }).click();
      if (words === "Members") await expect(dialog(page).getByTestId("members")).toContainText("ben");
      await accessible(page, words);
      await page.keyboard.press("Escape");
      await expect(dialog(page)).toHaveCount(0);
    }
    for (const item of ["Report…", "Mute ben…", "Remove ben…"]) {
      await choose(page, "for @ana", item);
      await expect(dialog(page)).toBeVisible();
      await accessible(page, item);
      await page.keyboard.press("Escape");
      await expect(saying(page, "for @ana").getByRole("button", { name: /^More about/ }), "the focus comes back").toBeFocused();
    }
    await saying(page, "for @ana").getByRole("button", { name: "ben", exact: true }).click();
    await expect(dialog(page)).toContainText("Guest");
    await accessible(page, "a person");
  });
}

test("a room is made, people are added and it is left, all by keyboard", async ({ join }) => {
  const ben = await join("ben", "lobby");
  const ana = await join("ana", "lobby");
  await enrol(ana);
  await ana.getByTestId("new-room").focus();
  await ana.keyboard.press("Enter");
  await expect(dialog(ana).getByRole("textbox", { name: "Name" })).toBeFocused();
  await ana.keyboard.type("board");
  await ana.keyboard.press("Tab");
  await ana.keyboard.press("Tab");
  await ana.keyboard.press("ArrowDown");
  await expect(dialog(ana).getByRole("radio", { name: /Only who is invited/ })).toBeChecked();
  await ana.keyboard.press("Enter");
  await inRoom(ana, "board");
  await expect(box(ana)).toBeFocused();

  const open = async (words: string) => {
    await ana.getByTestId("room-menu").focus();
    await ana.keyboard.press("Enter");
    const item = ana.getByRole("group", { name: "About this room" }).getByRole("button", { name: words, exact: true });
    await expect(async () => {
      await ana.keyboard.press("Tab");
      await expect(item).toBeFocused({ timeout: 50 });
    }).toPass({ intervals: [0], timeout: 5_000 });
    await ana.keyboard.press("Enter");
    await expect(dialog(ana)).toBeVisible();
  };
  await open("Add people");
  await ana.keyboard.type("be");
  await expect(dialog(ana).getByRole("option", { name: "ben" })).toBeVisible();
  await ana.keyboard.press("Enter");
  await ana.keyboard.press("Enter");
  await expect(line(ben, "board")).toBeVisible();
  await expect(dialog(ana)).toHaveCount(0);

  await open("What I am told");
  await ana.keyboard.press("Escape");
  await expect(dialog(ana)).toHaveCount(0);
  await expect(ana.getByTestId("room-menu"), "the focus comes back").toBeFocused();
});
