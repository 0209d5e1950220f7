// Rooms and who is in them: public, private and direct.

import { about, add, card, dialog, enrol, go, line, make, writeTo } from "./people.ts";
import { box, post, say, saying, sees } from "./room.ts";
import { expect, inRoom, test } from "./test.ts";

test("a room that is made, renamed, given a topic and archived changes in every sidebar", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  const ben = await join("ben", "lobby");
  await make(ana, "garden", "public", "Pears");
  await expect(ana.locator(".topic")).toHaveText("Pears");
  await expect(box(ana)).toBeFocused();
  await expect(line(ben, "garden")).toBeVisible();
  await go(ben, "garden");
  await expect(ben.locator(".topic")).toHaveText("Pears");

  await about(ana, "Room settings");
  await dialog(ana).getByLabel("Name", { exact: true }).fill("orchard");
  await dialog(ana).getByLabel("Topic").fill("Apples");
  await dialog(ana).getByRole("button", { name: "Save" }).click();
  await inRoom(ben, "orchard");
  await expect(ben.locator(".topic")).toHaveText("Apples");
  await expect(line(ben, "orchard")).toBeVisible();
  await expect(line(ben, "garden")).toHaveCount(0);
  await expect(ben).toHaveURL(/\/orchard\/ben\/$/);
  await ben.goto("/garden/ben/");
  await inRoom(ben, "orchard");

  await go(ben, "lobby");
  await about(ana, "Room settings");
  await dialog(ana).getByRole("button", { name: "Archive" }).click();
  await expect(ana.getByTestId("quiet")).toContainText("archived");
  await expect(box(ana)).toHaveCount(0);
  await expect(line(ben, "orchard")).toHaveCount(0);
  await ben.getByTestId("all-rooms").click();
  await go(ben, "orchard");
  await expect(ben.getByTestId("quiet")).toContainText("archived");

  await about(ana, "Room settings");
  await dialog(ana).getByRole("button", { name: "Bring it back" }).click();
  await expect(box(ana)).toBeVisible();
  await expect(box(ben)).toBeVisible();

  await about(ana, "Room settings");
  await dialog(ana).getByRole("button", { name: "Delete…" }).click();
  await dialog(ana).getByRole("button", { name: "Delete the room" }).click();
  await expect(line(ana, "orchard")).toHaveCount(0);
  await expect(ben.getByTestId("status")).toContainText("gone");
});

test("what is wrong with a room's name is told in the dialog", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await ana.getByTestId("new-room").click();
  await expect(dialog(ana).getByLabel("Name", { exact: true })).toBeFocused();
  await dialog(ana).getByLabel("Name", { exact: true }).fill("lobby");
  await dialog(ana).getByRole("button", { name: "Make the room" }).click();
  await expect(dialog(ana).getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(dialog(ana).getByRole("alert")).not.toBeEmpty();
  await expect(dialog(ana).getByRole("radio", { name: /Only who is invited/ }), "guests make no private rooms").toBeDisabled();
  await ana.keyboard.press("Escape");
  await expect(dialog(ana)).toHaveCount(0);
  await expect(ana.getByTestId("new-room"), "the focus comes back").toBeFocused();
});

test("a private room cannot be seen, opened, searched or guessed", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  const ben = await join("ben", "lobby");
  const eve = await join("eve", "lobby");
  await make(ana, "board", "private");
  await say(ana, "the secret pear");
  await sees(ana, "the secret pear");
  const address = new URL(ana.url()).pathname;
  expect(address).toMatch(/^\/~[a-z2-7]{13,}\/ana\/$/);
  const id = await line(ana, "board").getAttribute("data-room");

  await add(ana, "ben");
  await expect(line(ben, "board")).toBeVisible();
  await expect(line(ben, "board")).toContainText("private");
  await go(ben, "board");
  await sees(ben, "the secret pear");

  await expect(line(eve, "board")).toHaveCount(0);
  const { request } = eve;
  for (const room of [id ?? "", address.split("/")[1] ?? ""]) {
    const there = await request.get(`/api/v1/rooms/${room}`);
    const nowhere = await request.get(`/api/v1/rooms/${room.startsWith("~") ? "~aaaaaaaaaaaaa" : "r999999"}`);
    expect(there.status()).toBe(404);
    expect(nowhere.status()).toBe(404);
  }
  await eve.goto(address.replace("/ana/", "/eve/"));
  await expect(eve.getByTestId("room")).toHaveCount(0);
  expect(await eve.content()).not.toContain("secret");
  const found = (await (await request.get("/api/v1/search?q=secret")).json()) as { hits: unknown[] };
  expect(found.hits).toEqual([]);
});

test("a direct room with the same people is the same room, and is never made public", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  const clara = await join("clara", "lobby");
  await writeTo(ana, "ben");
  await say(ana, "just us");
  const address = ana.url().replace("/ana/", "");
  await expect(line(ben, "ana")).toBeVisible();
  await go(ben, "ana");
  await sees(ben, "just us");
  await go(ben, "lobby");
  await writeTo(ben, "ana");
  expect(ben.url().replace("/ben/", "")).toBe(address);
  await sees(ben, "just us");
  await writeTo(ana, "ben", "clara");
  expect(ana.url()).not.toContain(address);
  await expect(line(clara, "ana, ben")).toBeVisible();

  await ana.getByTestId("room-menu").click();
  const menu = ana.getByRole("group", { name: "About this room" });
  await expect(menu).toBeVisible();
  await expect(menu.getByRole("button", { name: /settings|Leave|Add people|Invite/ })).toHaveCount(0);
  const id = await line(ana, "ben").getAttribute("data-room");
  const refused = await ana.request.patch(`/api/v1/rooms/${id}`, { data: { kind: "public", name: "ours" } });
  expect(refused.status()).toBe(403);
});

test("who is removed gets nothing any more, and keeps what was not sent", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  const ben = await join("ben", "lobby");
  await make(ana, "board", "private");
  await add(ana, "ben");
  await go(ben, "board");
  await say(ana, "before");
  await sees(ben, "before");
  await box(ben).fill("I had begun");

  await card(ana, "ben");
  await dialog(ana).getByRole("button", { name: "Remove…" }).click();
  await dialog(ana).getByLabel("Why").fill("an experiment");
  await dialog(ana).getByRole("button", { name: "Remove", exact: true }).click();
  await expect(ben.getByTestId("gone")).toContainText("You are no longer in this room");
  await expect(saying(ben, "before")).toHaveCount(0);
  await expect(box(ben)).toHaveCount(0);
  await expect(line(ben, "board")).toHaveCount(0);
  await expect(ben.getByTestId("gone")).toContainText("I had begun");
  const heard: string[] = [];
  const browser = await ben.context().newCDPSession(ben);
  await browser.send("Network.enable");
  browser.on("Network.webSocketFrameReceived", ({ response }) => heard.push(response.payloadData));
  await say(ana, "after");
  await sees(ana, "after");
  await ben.getByRole("button", { name: "Go to another room" }).click();
  await inRoom(ben, "lobby");
  expect(heard, "the answer to opening the other room, at least").not.toEqual([]);
  expect(heard.join("")).not.toContain('"after"');

  await add(ana, "ben");
  await expect(line(ben, "board"), "and can come back").toBeVisible();
  await go(ben, "board");
  await expect(box(ben)).toHaveValue("I had begun");
});

test("who is banned from a public room reads it no more, until they are let in again", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  await make(ana, "garden");
  const ben = await join("ben", "garden");
  await say(ben, "rude");
  await sees(ana, "rude");
  await saying(ana, "rude").hover();
  await saying(ana, "rude").getByRole("button", { name: /^More about/ }).click();
  await ana.getByRole("menuitem", { name: /^Remove/ }).click();
  await dialog(ana).getByRole("checkbox", { name: /Ban too/ }).check();
  await dialog(ana).getByRole("button", { name: "Remove and ban" }).click();
  await expect(ben.getByTestId("gone")).toBeVisible();
  await expect(saying(ben, "rude")).toHaveCount(0);

  await about(ana, "Members");
  await dialog(ana).getByRole("button", { name: "Who is banned" }).click();
  await dialog(ana).getByRole("button", { name: "Let in again" }).click();
  await expect(dialog(ana)).toContainText("Nobody is banned");
  await ana.keyboard.press("Escape");
  await ben.goto("/garden/ben/");
  await inRoom(ben, "garden");
  await sees(ben, "rude");
});

test("per room: all, mentions, nothing, hidden", async ({ join }) => {
  const ana = await join("ana", "garden");
  await say(ana, "I am a member now");
  const ben = await join("ben", "garden");
  const pill = line(ana, "garden").getByTestId("unread");
  const level = async (words: RegExp) => {
    await go(ana, "garden");
    await about(ana, "What I am told");
    await dialog(ana).getByRole("radio", { name: words }).check();
    await dialog(ana).getByRole("button", { name: "Save" }).click();
    await expect(dialog(ana)).toHaveCount(0);
    await ana.getByLabel("Join or make a room").fill("lobby");
    await ana.getByLabel("Join or make a room").press("Enter");
    await inRoom(ana, "lobby");
  };
  await level(/^All messages/);
  await say(ben, "one");
  await expect(pill).toHaveText("1");

  await level(/^Only when I am mentioned/);
  await say(ben, "two");
  await say(ben, "for @ana");
  await expect(pill).toHaveText("@1");

  await level(/^Nothing/);
  await say(ben, "@ana again");
  await sees(ben, "@ana again");
  await post(ben.request, "lobby", "a word in the other room, which comes later");
  await sees(ana, "a word in the other room, which comes later");
  await expect(line(ana, "garden")).toBeVisible();
  await expect(pill).toHaveCount(0);

  await level(/^Hide the room/);
  await expect(line(ana, "garden")).toHaveCount(0);
  await say(ben, "nobody sees this");
  await ana.getByTestId("all-rooms").click();
  await expect(line(ana, "garden")).toBeVisible();
  await ana.getByTestId("all-rooms").click();
  await expect(line(ana, "garden")).toHaveCount(0);
  await say(ben, "@ana, come");
  await expect(pill).toHaveText("@1");
});
