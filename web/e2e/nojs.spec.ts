// Without JavaScript: join, read, page back, post.

import { box, messages, post, say, saying, sees } from "./room.ts";
import { expect, inRoom, type Page, test } from "./test.ts";

const plain = { javaScriptEnabled: false };

/** Joins without the client, which never takes over. */
async function joinPlainly(page: Page, username: string, room: string): Promise<void> {
  await page.goto("/");
  await page.locator("input[name=username]").fill(username);
  await page.locator("input[name=room]").fill(room);
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByTestId("room")).toHaveText(room);
}

/** Goes to another page of the history. */
async function turn(page: Page, link: string): Promise<void> {
  const before = page.url();
  await page.getByRole("link", { name: link }).click();
  await expect(page).not.toHaveURL(before);
}

test("one can join, read and post, and others see it live", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  await say(ana, "hello");
  await sees(ana, "hello");
  const ben = await (await someone(plain)).newPage();
  await joinPlainly(ben, "ben", "lobby");
  expect(new URL(ben.url()).pathname).toBe("/lobby/ben/");
  await expect(saying(ben, "hello")).toBeInViewport();
  await expect(messages(ben).getByText("ana", { exact: true })).toBeVisible();

  await box(ben).fill("hi ana\nsee https://example.org/");
  await ben.getByTestId("send").click();
  expect(new URL(ben.url()).pathname).toBe("/lobby/ben/");
  await expect(messages(ben)).toHaveCount(2);
  await expect(messages(ben).last()).toBeInViewport();
  await expect(messages(ben).last().getByRole("link")).toHaveAttribute("href", "https://example.org/");
  await expect(box(ben)).toHaveValue("");
  await expect(messages(ana)).toHaveCount(2);
  await expect(messages(ana).last()).toContainText("hi ana");

  await say(ana, "and again");
  await sees(ana, "and again");
  await ben.reload();
  await expect(messages(ben)).toHaveCount(3);
});

test.describe("in a long room", () => {
  test.use({ flags: ["--limits", "off"] });

  test("one can page back to the beginning, and forth again", async ({ join, someone }) => {
    const ana = await join("ana", "long");
    for (let i = 1; i <= 130; i++) await post(ana.context().request, "long", `line ${i}`);
    const ben = await (await someone(plain)).newPage();
    await joinPlainly(ben, "ben", "long");
    const seen = new Set<number>();
    const read = async () => {
      const texts = await messages(ben).locator(".text").allTextContents();
      for (const text of texts) seen.add(Number(text.replace("line ", "")));
    };
    await read();
    expect(Math.max(...seen)).toBe(130);
    while ((await ben.getByRole("link", { name: "Earlier messages" }).count()) > 0) {
      await turn(ben, "Earlier messages");
      await read();
    }
    expect([...seen].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 130 }, (_, i) => i + 1));
    await expect(ben.getByText("This is the beginning of long.")).toBeVisible();
    while ((await ben.getByRole("link", { name: "Later messages" }).count()) > 0) {
      await turn(ben, "Later messages");
    }
    await expect(saying(ben, "line 130")).toBeVisible();
  });
});

test("a form that is sent twice makes one message", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  const ben = await someone(plain);
  const page = await ben.newPage();
  await joinPlainly(page, "ben", "lobby");
  const key = await page.locator("input[name=key]").inputValue();
  expect(key).not.toBe("");
  for (let i = 0; i < 2; i++) await ben.request.post("/lobby/ben/", { form: { key, text: "once" } });
  await sees(ana, "once");
  await page.reload();
  await expect(saying(page, "once")).toHaveCount(1);
  await expect(page.locator("input[name=key]")).not.toHaveValue(key);
});

test("a blank or too long message is refused in words, and the text is kept", async ({ someone }) => {
  const context = await someone(plain);
  const page = await context.newPage();
  await joinPlainly(page, "ben", "lobby");
  const long = "x".repeat(9_000);
  await box(page).fill(long);
  await page.getByTestId("send").click();
  await expect(page.getByRole("alert")).toContainText("8");
  await expect(box(page)).toHaveValue(long);
  await expect(messages(page)).toHaveCount(0);
  await box(page).fill("   ");
  await page.getByTestId("send").click();
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await expect(messages(page)).toHaveCount(0);
});

test("a name that is taken is refused, with another one to take", async ({ join, someone }) => {
  await join("ana", "lobby");
  const page = await (await someone(plain)).newPage();
  await page.goto("/");
  await page.locator("input[name=username]").fill("ana");
  await page.locator("input[name=room]").fill("lobby");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByLabel("Your name")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Room")).toHaveValue("lobby");
  await page.getByRole("button", { name: /^Join as / }).click();
  await expect(page.getByTestId("room")).toHaveText("lobby");
});

test("a room made without JavaScript is the same room with it", async ({ someone }) => {
  const context = await someone(plain);
  const page = await context.newPage();
  await joinPlainly(page, "ana", "lobby");
  await box(page).fill("plain");
  await page.getByTestId("send").click();
  const rich = await (await someone({ storageState: await context.storageState() })).newPage();
  await rich.goto("/lobby/ana/");
  await inRoom(rich, "lobby");
  await sees(rich, "plain");
});
