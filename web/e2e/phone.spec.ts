// One column, a finger, and little room.

import { box, messages, say, saying, sees } from "./room.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

test("the rooms slide in, and choosing one closes them", async ({ join }) => {
  const other = await join("ben", "garden");
  const ana = await join("ana", "lobby", phone);
  const list = ana.getByTestId("room-list");
  await expect(list).not.toBeInViewport();
  await ana.getByRole("button", { name: "Rooms" }).tap();
  await expect(list).toBeInViewport();
  await ana.getByRole("button", { name: "Close the list of rooms" }).first().tap();
  await expect(list).not.toBeInViewport();
  await ana.getByRole("button", { name: "Rooms" }).tap();
  await list.getByRole("link", { name: "garden" }).tap();
  await inRoom(ana, "garden");
  await expect(list).not.toBeInViewport();
  await say(other, "hello");
  await sees(ana, "hello");
});

test("the message box is in sight, Enter breaks the line, and the button sends", async ({ join }) => {
  const ana = await join("ana", "lobby", phone);
  const ben = await join("ben", "lobby");
  await expect(box(ana)).toBeInViewport({ ratio: 1 });
  await box(ana).tap();
  await box(ana).pressSequentially("one");
  await box(ana).press("Enter");
  await box(ana).pressSequentially("two");
  await expect(box(ana)).toHaveValue("one\ntwo");
  await expect(ana.getByTestId("send")).toBeInViewport({ ratio: 1 });
  await ana.getByTestId("send").tap();
  await expect(box(ana)).toHaveValue("");
  await expect(messages(ben)).toHaveCount(1);
  expect(await messages(ben).locator(".text").innerText()).toBe("one\ntwo");

  for (let i = 1; i <= 20; i++) {
    await say(ben, `line ${i}`);
    await sees(ben, `line ${i}`);
  }
  await expect(saying(ana, "line 20")).toBeInViewport({ ratio: 1 });
  await expect(box(ana)).toBeInViewport({ ratio: 1 });
});

test("nothing is wider than the screen", async ({ join, someone }) => {
  const room = "a room with quite a long name, longer than a phone is wide, as names of rooms sometimes are";
  const ben = await join("ben", room);
  await say(ben, "w".repeat(500));
  await say(ben, `https://example.org/${"path/".repeat(80)}`);
  await expect(messages(ben)).toHaveCount(2);
  const ana = await join("ana", room, phone);
  await expect(messages(ana)).toHaveCount(2);
  expect(await width(ana)).toBeLessThanOrEqual(390);
  await expect(box(ana)).toBeInViewport({ ratio: 1 });

  const visitor = await (await someone(phone)).newPage();
  for (const address of ["/", `/${encodeURIComponent(room)}/ana/`, `/${encodeURIComponent(`${room}?`)}/ana/`, "/-/sign-in"]) {
    await visitor.goto(address);
    expect(await width(visitor), address).toBeLessThanOrEqual(390);
  }
});

/** How wide the page is, with whatever scrolls in it, in CSS pixels. */
function width(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll(".scroll")].map((e) => e.scrollWidth)));
}

test("a tap on a message opens what can be done with it", async ({ join }) => {
  const ana = await join("ana", "lobby", phone);
  await box(ana).fill("mine");
  await ana.getByTestId("send").tap();
  await sees(ana, "mine");
  await saying(ana, "mine").getByText("mine").tap();
  await ana.getByRole("menuitem", { name: "Edit" }).tap();
  await box(ana).fill("edited by thumb");
  await ana.getByTestId("send").tap();
  await sees(ana, "edited by thumb");
});

test("what is tapped is large enough", async ({ join }) => {
  const ana = await join("ana", "lobby", phone);
  await box(ana).fill("x");
  const small: string[] = [];
  for (const target of [ana.getByTestId("send"), box(ana), ana.getByRole("button", { name: "Rooms" }), ana.getByTestId("who")]) {
    const size = await target.boundingBox();
    if (!size || size.height < 44 || size.width < 44) small.push(`${await target.evaluate((e) => e.className || e.id)} ${size?.width}×${size?.height}`);
  }
  await ana.getByRole("button", { name: "Rooms" }).tap();
  await expect(ana.getByTestId("room-list")).toBeInViewport();
  for (const target of [ana.getByTestId("room-list").getByRole("link").first(), ana.getByRole("button", { name: "Leave" })]) {
    const size = await target.boundingBox();
    if (!size || size.height < 44 || size.width < 44) small.push(`${await target.evaluate((e) => e.className || e.id)} ${size?.width}×${size?.height}`);
  }
  expect(small).toEqual([]);
});
