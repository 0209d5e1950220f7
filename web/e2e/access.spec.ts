// For everybody: what axe finds wrong, and all of it by keyboard.

import AxeBuilder from "@axe-core/playwright";
import { setUp } from "./office.ts";
import { box, messages, post, say, saying, sees } from "./room.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

// What is still fading in has little contrast; without motion nothing fades.
const still = { reducedMotion: "reduce" } as const;

/** Expects axe to find nothing that is serious or critical. */
async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const bad = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  expect(bad.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(" ")} (${n.failureSummary?.split("\n")[1]?.trim()})`).join("; ")}`)).toEqual([]);
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const [device, viewport] of [
    ["a desk", { width: 1280, height: 800 }],
    ["a phone", { width: 390, height: 844 }],
  ] as const) {
    test(`a room on ${device} in ${colorScheme} colours`, async ({ join }) => {
      const ben = await join("ben", "lobby");
      const ana = await join("ana", "lobby", { colorScheme, viewport, ...still });
      await accessible(ana);
      await say(ben, "hello, see https://example.org/");
      await say(ben, "and this");
      await say(ana, "mine");
      await expect(messages(ana)).toHaveCount(3);
      await sees(ana, "mine");
      await box(ben).pressSequentially("x");
      await expect(ana.getByTestId("typing")).not.toHaveText("");
      await box(ana).press("ArrowUp");
      await accessible(ana);
      await box(ana).press("Escape");
      await ana.getByTestId("who").click();
      await accessible(ana);
      await ana.getByTestId("who").click();
      await saying(ana, "mine").hover();
      await saying(ana, "mine").getByRole("button", { name: /^More about/ }).click();
      await expect(ana.getByRole("menu")).toBeVisible();
      await accessible(ana);
    });
  }

  test(`the pages with a card in ${colorScheme} colours`, async ({ join, someone, server }) => {
    const ana = await join("ana", "lobby", { colorScheme, ...still });
    const page = await (await someone({ colorScheme, ...still })).newPage();
    for (const address of ["/", "/-/sign-in", "/nowhere/ana/", "/not/a/page", server.setupLink]) {
      await page.goto(address);
      await accessible(page);
    }
    await page.goto("/");
    await page.getByLabel("Your name").fill("ana");
    await page.getByLabel("Room").fill("lobby");
    await page.getByRole("button", { name: "Join", exact: true }).click();
    await expect(page.getByLabel("Your name")).toHaveAttribute("aria-invalid", "true");
    await accessible(page);
    await ana.goto("/-/sign-out");
    await accessible(ana);
  });

  test(`the admin site in ${colorScheme} colours`, async ({ join, someone, server }) => {
    const ana = await join("ana", "lobby");
    await post(ana.context().request, "lobby", "hello");
    const page = await (await someone({ colorScheme, ...still })).newPage();
    await setUp(page, server, "olga");
    for (const list of ["", "rooms/", "messages/", "users/", "log/", "rooms/add", "users/add", "messages/?room=nowhere", "nowhere"]) {
      await page.goto(`/admin/${list}`);
      await accessible(page);
    }
    for (const list of ["rooms", "messages", "users"]) {
      await page.goto(`/admin/${list}/`);
      await page.getByTestId("row").first().getByRole("rowheader").getByRole("link").click();
      await accessible(page);
      await page.getByRole("link", { name: "Delete…" }).click();
      await accessible(page);
    }
  });
}

/** Presses Tab until what is looked for has the focus. */
async function tabTo(page: Page, what: ReturnType<Page["locator"]>, key = "Tab"): Promise<void> {
  await expect(async () => {
    await page.keyboard.press(key);
    await expect(what).toBeFocused({ timeout: 50 });
  }).toPass({ intervals: [0], timeout: 5_000 });
}

test("everything by keyboard: join, send, edit, delete, change rooms", async ({ join, someone }) => {
  const ben = await join("ben", "garden");
  const page = await (await someone()).newPage();
  await page.goto("/");
  await expect(page.getByLabel("Your name"), "where typing begins").toBeFocused();
  await page.keyboard.type("ana");
  await page.keyboard.press("Tab");
  await page.keyboard.type("lobby");
  await page.keyboard.press("Enter");
  await inRoom(page, "lobby");

  await expect(box(page)).toBeFocused();
  await page.keyboard.type("one");
  await page.keyboard.press("Enter");
  await sees(page, "one");
  await page.keyboard.type("two");
  await page.keyboard.press("Enter");
  await sees(page, "two");
  const more = (text: string) => saying(page, text).getByRole("button", { name: /^More about/ });
  await expect(more("two")).toHaveCount(1);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.type(" edited");
  await page.keyboard.press("Enter");
  await sees(page, "two edited");

  await tabTo(page, more("two edited"), "Shift+Tab");
  await page.keyboard.press("ArrowUp");
  await expect(more("one")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menu")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(more("one"), "the focus comes back").toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Delete" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Delete", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(messages(page).locator(".text")).toHaveText(["two edited"]);

  await tabTo(page, page.getByTestId("room-list").getByRole("link", { name: "garden" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await inRoom(page, "garden");
  await expect(box(page)).toBeFocused();
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Enter");
  await sees(ben, "by keyboard");

  await tabTo(page, page.getByLabel("Join or make a room"), "Shift+Tab");
  await page.keyboard.type("orchard");
  await page.keyboard.press("Enter");
  await inRoom(page, "orchard");
  await expect(box(page)).toBeFocused();
});

test("the focus can be seen", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await ana.keyboard.press("Shift+Tab");
  const outline = await ana.evaluate(() => {
    const style = getComputedStyle(document.activeElement ?? document.body);
    return { width: parseFloat(style.outlineWidth), style: style.outlineStyle };
  });
  expect(outline.style).not.toBe("none");
  expect(outline.width).toBeGreaterThanOrEqual(2);
});

test("new messages are announced", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const log = ana.getByRole("log");
  await expect(log).toHaveAttribute("aria-live", "polite");
  const ben = await join("ben", "lobby");
  await say(ben, "hello");
  await sees(ana, "hello");
  await expect(log).toHaveAttribute("aria-live", "polite");
});
