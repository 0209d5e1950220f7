// What is of the moment: who is typing, who is here, which day it is.

import { box, messages, say, sees } from "./room.ts";
import { expect, inRoom, test } from "./test.ts";

test("typing shows within a second and is gone within five", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await expect(ana.getByTestId("who")).toContainText("2");
  await box(ben).pressSequentially("h");
  await expect(ana.getByTestId("typing")).toHaveText("ben is typing…", { timeout: 1_000 });
  await expect(ben.getByTestId("typing"), "not told about oneself").toHaveText("");
  await expect(ana.getByTestId("typing")).toHaveText("", { timeout: 5_500 }); // five seconds, and the time to look

  await box(ben).pressSequentially("i");
  await expect(ana.getByTestId("typing")).toHaveText("ben is typing…", { timeout: 1_000 });
  await box(ben).press("Enter");
  await sees(ana, "hi");
  await expect(ana.getByTestId("typing"), "whoever has sent types no more").toHaveText("", { timeout: 1_000 });
});

test("the page says who is here", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await expect(ana.getByTestId("who")).toContainText("1");
  const ben = await join("ben", "lobby");
  await expect(ana.getByTestId("who")).toContainText("2");
  await ana.getByTestId("who").click();
  const here = ana.getByRole("group", { name: "Who is here" });
  await expect(here.getByRole("listitem")).toHaveText([/ana.*you/, /ben/]);
  const again = await ben.context().newPage();
  await again.goto("/lobby/ben/");
  await inRoom(again, "lobby");
  await expect(here.getByRole("listitem"), "two tabs are one person").toHaveCount(2);
  await again.close();
  await ben.close();
  await expect(here.getByRole("listitem")).toHaveText([/ana/]);
  await expect(ana.getByTestId("who")).toContainText("1");
});

test("a line says which day it is", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await say(ana, "hello");
  await sees(ana, "hello");
  await expect(ana.getByRole("heading", { name: "Today" })).toBeVisible();
});

test("a new room shows in everybody's list", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await ben.getByLabel("Join or make a room").fill("garden");
  await ben.getByLabel("Join or make a room").press("Enter");
  await inRoom(ben, "garden");
  await expect(ben).toHaveURL(/\/garden\/ben\/$/);
  await ana.getByTestId("room-list").getByRole("link", { name: "garden" }).click();
  await inRoom(ana, "garden");
  await expect(ana).toHaveURL(/\/garden\/ana\/$/);
  await say(ana, "in the garden");
  await sees(ben, "in the garden");
  await ana.goBack();
  await inRoom(ana, "lobby");
  await expect(messages(ana)).toHaveCount(0);
  await expect(ana).toHaveURL(/\/lobby\/ana\/$/);
});

test("an empty room says so, with a link to send", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await expect(ana.getByText("Nothing here yet. Say hello, or send this link to someone.")).toBeVisible();
  await ana.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await ana.getByRole("button", { name: "Copy link" }).click();
  const link = await ana.evaluate(() => navigator.clipboard.readText());
  const ben = await join("ben", "elsewhere");
  await ben.goto(link);
  await expect(ben.locator("input[name=room]"), "the link leads into the room").toHaveValue("lobby");
});
