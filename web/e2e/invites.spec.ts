// Invitations, without a script of their own: made on a room's page, opened by strangers and by members.

import { PASSWORD, setUp } from "./office.ts";
import { enrol, invite, line, make } from "./people.ts";
import { box, say, sees } from "./room.ts";
import { expect, inRoom, joinAs, test } from "./test.ts";

test("a link into a private room says what it grants, and lets one stranger in", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  await make(ana, "garden", "private");
  await say(ana, "the gate is open");
  await sees(ana, "the gate is open");
  const link = await invite(ana, { uses: "1", note: "for the <b>neighbours</b>" });

  const stranger = await (await someone()).newPage();
  await stranger.goto(link);
  await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("You are invited to garden");
  await expect(stranger.getByRole("main")).toContainText("ana asks you in to the private room garden");
  await expect(stranger.getByTestId("note")).toHaveText("for the <b>neighbours</b>");
  await expect(stranger.getByTestId("grants").getByRole("listitem")).toHaveText(["For one person", /^Good until /]);

  // A name that is taken is told under its field, with one that is free.
  await stranger.getByLabel("Your name").fill("ana");
  await stranger.getByRole("button", { name: "Come in", exact: true }).click();
  await expect(stranger.getByLabel("Your name")).toHaveAttribute("aria-invalid", "true");
  await stranger.getByRole("button", { name: "Come in as ana2" }).click();
  await inRoom(stranger, "garden");
  await expect(box(stranger)).toBeFocused();
  await sees(stranger, "the gate is open");
  await expect(line(stranger, "garden")).toBeVisible();

  // The same person just gets in again; a surplus one is told why, and nothing of the room.
  await stranger.goto(link);
  await inRoom(stranger, "garden");
  const surplus = await (await someone()).newPage();
  const response = await surplus.goto(link);
  expect(response?.status()).toBe(410);
  await expect(surplus.getByRole("main")).toContainText("This invitation was for one person, who has come already.");
  await expect(surplus.getByRole("main")).not.toContainText("garden");
  await expect(surplus.getByLabel("Your name")).toHaveCount(0);
});

test("an invitation that was taken back says so, and the list counts who came", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  await make(ana, "garden", "private");
  const link = await invite(ana, { note: "for everybody" });
  const ben = await (await someone()).newPage();
  await ben.goto(link);
  await ben.getByLabel("Your name").fill("ben");
  await ben.getByLabel("Your name").press("Enter");
  await inRoom(ben, "garden");

  await ana.goto(ana.url());
  const row = ana.getByTestId("invitation").filter({ hasText: "for everybody" });
  await expect(row).toContainText("1 came");
  expect(await ana.getByRole("main").textContent(), "the link is shown once").not.toContain("token");
  await row.getByRole("button", { name: "Take back" }).click();
  await expect(row).toContainText("Taken back");
  const late = await (await someone()).newPage();
  await late.goto(link);
  await expect(late.getByRole("main")).toContainText("This invitation was taken back.");
});

test("who signs in on the way comes back to the invitation, and a role is for accounts", async ({ someone, server }) => {
  const owner = await (await someone()).newPage();
  await setUp(owner, server, "olga");
  await owner.goto("/-/invites");
  await owner.getByLabel("Lets them be").selectOption("moderator");
  await owner.getByRole("button", { name: "Make an invitation" }).click();
  const link = await owner.getByTestId("link").inputValue();

  const ben = await (await someone()).newPage();
  await ben.request.post("/-/register", { form: { username: "ben", password: PASSWORD } });
  await ben.context().clearCookies();
  await ben.goto(link);
  await expect(ben.getByTestId("grants")).toContainText("You become a moderator of this server");
  await expect(ben.getByLabel("Your name"), "a guest cannot take it").toHaveCount(0);
  await ben.getByRole("link", { name: "Sign in" }).click();
  await ben.getByLabel(/^(Your name|Name)/).fill("ben");
  await ben.getByLabel("Password").fill(PASSWORD);
  await ben.getByRole("button", { name: "Sign in", exact: true }).click();
  await ben.getByRole("button", { name: "Come in as ben" }).click();
  const me = (await (await ben.request.get("/api/v1/me")).json()) as { me: { user: { role?: string } } };
  expect(me.me.user.role).toBe("moderator");

  // Who has none makes one, by the same link.
  const cat = await (await someone()).newPage();
  await cat.goto(link);
  await cat.getByRole("link", { name: "Make an account" }).click();
  await cat.getByLabel("Your name").fill("cat");
  await cat.getByLabel("Password").fill(PASSWORD);
  await cat.getByRole("button", { name: "Become a member" }).click();
  await expect(cat).toHaveURL(`${server.url}/`);
  const hers = (await (await cat.request.get("/api/v1/me")).json()) as { me: { user: { name: string; role?: string } } };
  expect(hers.me.user).toMatchObject({ name: "cat", role: "moderator" });
});

test("without a script", async ({ join, someone }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  await make(ana, "garden", "private");
  const link = await invite(ana);
  const ben = await (await someone({ javaScriptEnabled: false })).newPage();
  await ben.goto(link);
  await ben.getByLabel("Your name").fill("ben");
  await ben.getByRole("button", { name: "Come in", exact: true }).click();
  await expect(ben.getByTestId("room")).toHaveText("garden");
});

test("a fresh browser joins with a name and a room, and keeps both", async ({ someone }) => {
  const page = await (await someone()).newPage();
  await page.goto("/");
  await expect(page.getByLabel("Your name")).toBeFocused();
  await joinAs(page, "ana", "lobby");
  await expect(box(page)).toBeFocused();
  await page.reload();
  await inRoom(page, "lobby");
  await expect(page.locator(".me-name")).toHaveText("ana");
});
