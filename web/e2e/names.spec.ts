// Who may be called what, and what an address with a name leads to.

import { messages, say, saying, sees } from "./room.ts";
import { expect, inRoom, joinAs, type Page, test } from "./test.ts";

/** Fills in the join page and sends it, whatever comes of it. */
async function tryToJoin(page: Page, username: string, room: string): Promise<void> {
  await page.goto("/");
  await page.locator("input[name=username]").fill(username);
  await page.locator("input[name=room]").fill(room);
  await page.locator("input[name=room]").press("Enter");
}

for (const [what, name] of [
  ["a name that is taken", "ana"],
  ["the same name in other letters", "ANA"],
  ["a name that looks like it", "аnа"], // Cyrillic а
] as const) {
  test(`${what} is refused with a suggestion`, async ({ join, someone }) => {
    await join("ana", "lobby");
    const page = await (await someone()).newPage();
    await tryToJoin(page, name, "lobby");
    const field = page.getByLabel("Your name");
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveValue(name);
    await expect(page.getByLabel("Room")).toHaveValue("lobby");
    await expect(page.locator("#username-error")).toBeVisible();
    const offer = page.getByRole("button", { name: /^Join as / });
    const suggestion = ((await offer.textContent()) ?? "").replace("Join as ", "").trim();
    await expect(page.locator("#username-error")).toContainText(suggestion);
    await offer.click();
    await inRoom(page, "lobby");
    expect(decodeURIComponent(new URL(page.url()).pathname)).toBe(`/lobby/${suggestion}/`);
  });
}

test("what cannot be a name or a room is told under its field", async ({ someone }) => {
  const page = await (await someone()).newPage();
  for (const [username, room, field] of [
    ["   ", "lobby", "username"],
    ["ana", "   ", "room"],
    ["ana", "a/b", "room"],
    ["ana", "admin", "room"],
    ["ana", "..", "room"],
    ["ana", "~secret", "room"],
  ] as const) {
    await tryToJoin(page, username, room);
    await expect(page.locator(`input[name=${field}]`), `${username} in ${room}`).toHaveAttribute("aria-invalid", "true");
    await expect(page.locator(`#${field}-error`)).not.toBeEmpty();
  }
  await joinAs(page, "ana", "lobby");
});

test("another name in the same browser is asked about, and renames", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await say(ana, "I am ana");
  await sees(ben, "I am ana");
  await tryToJoin(ana, "anna", "lobby");
  await expect(ana.getByRole("heading", { name: "Change your name?" })).toBeVisible();
  await ana.getByRole("link", { name: "Stay ana" }).click();
  await inRoom(ana, "lobby");
  expect(new URL(ana.url()).pathname).toBe("/lobby/ana/");

  await tryToJoin(ana, "anna", "lobby");
  await ana.getByRole("button", { name: "Change my name" }).click();
  await inRoom(ana, "lobby");
  expect(new URL(ana.url()).pathname).toBe("/lobby/anna/");
  await expect(saying(ana, "I am ana").getByText("You", { exact: true })).toHaveCount(1);
  await expect(messages(ben).getByText("anna", { exact: true }), "the others see it live").toBeVisible();

  await ana.goto("/lobby/ana/");
  await inRoom(ana, "lobby");
  expect(new URL(ana.url()).pathname, "my old address leads to my new one").toBe("/lobby/anna/");
});

test("somebody else's address shows the join page with the room filled in", async ({ join, someone }) => {
  const ana = await join("ana", "book club");
  await say(ana, "hello");
  await sees(ana, "hello");
  const stranger = await (await someone()).newPage();
  await stranger.goto("/book%20club/ana/");
  await expect(stranger.locator("input[name=room]")).toHaveValue("book club");
  await expect(messages(stranger)).toHaveCount(0);

  const ben = await join("ben", "lobby");
  await ben.goto("/book%20club/ana/");
  await expect(ben.locator("input[name=room]")).toHaveValue("book club");
  await expect(ben.locator("input[name=username]")).toHaveValue("ben");
  await ben.getByRole("button", { name: "Join", exact: true }).click();
  await inRoom(ben, "book club");
  expect(new URL(ben.url()).pathname).toBe("/book%20club/ben/");
  await sees(ben, "hello");
});

test("an unknown room is offered to be made", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  const response = await ana.goto("/garden/ana/");
  expect(response?.status()).toBe(404);
  await expect(ana.getByText("There is no room called garden.")).toBeVisible();
  await ana.getByRole("button", { name: "Make this room" }).click();
  await inRoom(ana, "garden");
  expect(new URL(ana.url()).pathname).toBe("/garden/ana/");

  const ben = await (await someone()).newPage();
  await ben.goto("/orchard/ben/");
  await ben.getByRole("button", { name: "Make this room" }).click();
  await inRoom(ben, "orchard");
  expect(new URL(ben.url()).pathname).toBe("/orchard/ben/");
});

test("the join page lists the public rooms with how many are in them", async ({ join, someone }) => {
  await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await expect(ben.getByTestId("who")).toContainText("2");
  const page = await (await someone()).newPage();
  await page.goto("/");
  await expect(page.getByRole("listitem")).toHaveText(/lobby\s+2 here/);
  await page.getByRole("link", { name: /lobby/ }).click();
  await expect(page.locator("input[name=room]")).toHaveValue("lobby");
});

test("whoever leaves gives up the name", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  await say(ana, "I was here");
  await sees(ana, "I was here");
  await ana.getByRole("button", { name: "Leave" }).click();
  await expect(ana.getByRole("heading", { name: "Leave Parley?" })).toBeVisible();
  await ana.getByRole("button", { name: "Leave" }).click();
  const page = await (await someone()).newPage();
  await page.goto("/");
  await joinAs(page, "ana", "lobby");
  await sees(page, "I was here");
  await expect(saying(page, "I was here").getByText("You", { exact: true }), "another ana").toHaveCount(0);
});
