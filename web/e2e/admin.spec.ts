// The admin site: who comes in, what they see, and that what they do shows at once in open pages.

import { PASSWORD, removeTicked, row, setUp } from "./office.ts";
import { messages, post, say, saying, sees } from "./room.ts";
import { expect, inRoom, joinAs, test } from "./test.ts";

test("the set-up link makes the owner, once", async ({ someone, server }) => {
  expect(server.setupLink).not.toBe("");
  const owner = await (await someone()).newPage();
  await owner.goto(server.setupLink);
  await owner.getByLabel("Your name").fill("olga");
  await owner.getByLabel("Password").fill("short");
  await owner.locator("input[name=password]").evaluate((e) => e.removeAttribute("minlength"));
  await owner.getByRole("button", { name: "Create the owner" }).click();
  await expect(owner.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await setUp(owner, server, "olga");
  await owner.goto("/admin/");
  await expect(owner.getByRole("heading", { level: 1 })).toHaveText("Administration");

  const late = await (await someone()).newPage();
  const response = await late.goto(server.setupLink);
  expect(response?.status()).toBeGreaterThanOrEqual(400);
  await expect(late.getByLabel("Password")).toHaveCount(0);
  await server.stop();
  await server.start();
  expect(server.setupLink, "no link is printed once there is an owner").toBe("");
});

test("two who use the set-up link at once make one owner", async ({ someone, server }) => {
  const token = new URL(server.setupLink).searchParams.get("token") ?? "";
  const both = [await someone(), await someone()];
  const names = ["olga", "oleg"];
  const answers = await Promise.all(
    both.map((context, i) =>
      context.request.post("/-/setup", { form: { token, username: names[i] ?? "", password: PASSWORD }, maxRedirects: 0 }),
    ),
  );
  const statuses = answers.map((a) => a.status()).toSorted((a, b) => a - b);
  expect([302, 303]).toContain(statuses[0]);
  expect(statuses[1]).toBeGreaterThanOrEqual(400);
  const owners = await Promise.all(both.map(async (context) => (await context.request.get("/admin/", { maxRedirects: 0 })).status()));
  expect(owners.toSorted((a, b) => a - b)).toEqual([200, 303]);
});

test("only administrators come in, by name and password", async ({ join, someone, server }) => {
  await setUp(await (await someone()).newPage(), server, "olga");
  const guest = await join("ana", "lobby");
  const refused = await guest.goto("/admin/rooms/");
  expect(refused?.status()).toBe(403);

  const page = await (await someone()).newPage();
  await page.goto("/admin/messages/");
  await expect(page).toHaveURL(/\/-\/sign-in/);
  await page.getByLabel("Your name").fill("olga");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await expect(page.getByLabel("Your name")).toHaveValue("olga");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page, "back to where they wanted to go").toHaveURL(/\/admin\/messages\//);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/admin/");
  await expect(page).toHaveURL(/\/-\/sign-in/);
});

test("lists are searched, filtered and sorted", async ({ join, someone, server }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "garden");
  for (const text of ["apples", "pears", "<b>plums</b>"]) await post(ana.context().request, "lobby", text);
  await post(ben.context().request, "garden", "apples too");
  const page = await (await someone()).newPage();
  await setUp(page, server, "olga");

  await page.goto("/admin/");
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Messages" }).click();
  await expect(page.getByTestId("row")).toHaveCount(4);
  await expect(row(page, "<b>plums</b>"), "markup is text here too").toHaveCount(1);
  await page.getByRole("searchbox", { name: "Search" }).fill("apple");
  await page.getByRole("searchbox", { name: "Search" }).press("Enter");
  await expect(page.getByTestId("row")).toHaveCount(2);
  await page.getByLabel("Room").fill("garden");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByTestId("row")).toHaveText(/apples too/);
  await page.getByRole("link", { name: "Clear all filters" }).first().click();
  await expect(page.getByTestId("row")).toHaveCount(4);
  await page.getByLabel("Author").fill("ana");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByTestId("row")).toHaveCount(3);

  await page.goto("/admin/rooms/");
  const names = page.getByTestId("row").getByRole("rowheader");
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect(names).toHaveText(["garden", "lobby"]);
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect(names).toHaveText(["lobby", "garden"]);
  await page.goto("/admin/users/");
  for (const name of ["ana", "ben", "olga"]) await expect(row(page, name)).toHaveCount(1);
});

test("an edited message and a new topic show live", async ({ join, someone, server }) => {
  const ana = await join("ana", "lobby");
  await say(ana, "rude words");
  await sees(ana, "rude words");
  const page = await (await someone()).newPage();
  await setUp(page, server, "olga");
  await page.goto("/admin/messages/");
  await page.getByRole("link", { name: "rude words" }).click();
  await page.getByLabel("Text").fill("kind words");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByTestId("note")).toHaveText("Saved.");
  await sees(ana, "kind words");
  await expect(saying(ana, "kind words").getByText("edited", { exact: true })).toBeVisible();
  await expect(messages(ana)).toHaveCount(1);

  await page.goto("/admin/rooms/");
  await page.getByRole("link", { name: "lobby" }).click();
  await page.getByLabel("Topic").fill("Be kind");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(ana.getByText("Be kind")).toBeVisible();

  await page.goto("/admin/rooms/");
  await page.getByRole("link", { name: "lobby" }).click();
  await page.locator("input[name=room]").fill("a/b");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("input[name=room]")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("input[name=room]")).toHaveValue("a/b");

  await page.goto("/admin/log/");
  await expect(page.getByTestId("row").first()).toContainText("olga");
});

test("messages deleted in bulk disappear from open pages", async ({ join, someone, server }) => {
  const ana = await join("ana", "lobby");
  for (const text of ["one", "two", "three", "four"]) await post(ana.context().request, "lobby", text);
  await expect(messages(ana)).toHaveCount(4);
  const page = await (await someone()).newPage();
  await setUp(page, server, "olga");
  await page.goto("/admin/messages/");
  await removeTicked(page, "two", "four");
  await expect(page.getByTestId("note")).toHaveText("Deleted 2.");
  await expect(messages(ana).locator(".text")).toHaveText(["one", "three"]);
  await expect(page.getByTestId("row")).toHaveCount(2);
  await page.getByRole("link", { name: "All", exact: true }).click();
  for (const tick of await page.getByTestId("row").getByRole("checkbox").all()) await expect(tick).toBeChecked();
});

test("a deleted room takes its messages along, and open pages say so", async ({ join, someone, server }) => {
  const ana = await join("ana", "doomed");
  await say(ana, "hello");
  await sees(ana, "hello");
  const page = await (await someone()).newPage();
  await setUp(page, server, "olga");
  await page.goto("/admin/rooms/");
  await row(page, "doomed").getByRole("checkbox").check();
  await page.getByRole("button", { name: /Delete the ticked/ }).click();
  await expect(page.getByRole("main"), "what goes with it").toContainText("1 message");
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(row(page, "doomed")).toHaveCount(1);
  await removeTicked(page, "doomed");
  await expect(row(page, "doomed")).toHaveCount(0);

  await expect(ana.getByTestId("status")).toContainText("gone");
  await expect(ana.getByTestId("room-list").getByRole("link", { name: "doomed" })).toHaveCount(0);
  await ana.reload();
  await expect(ana.getByText("There is no room called doomed.")).toBeVisible();
  await ana.getByRole("button", { name: "Make this room" }).click();
  await inRoom(ana, "doomed");
  await expect(messages(ana), "a new room of the same name is empty").toHaveCount(0);
  await page.goto("/admin/messages/");
  await expect(page.getByTestId("row")).toHaveCount(0);
});

test("whoever is deactivated or renamed notices at once", async ({ join, someone, server }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await say(ben, "I am ben");
  await sees(ana, "I am ben");
  const page = await (await someone()).newPage();
  await setUp(page, server, "olga");
  await page.goto("/admin/users/");
  await page.getByRole("rowheader", { name: "ben" }).getByRole("link").click();
  await page.getByLabel("Name", { exact: true }).fill("benjamin");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByTestId("note")).toHaveText("Saved.");
  await expect(messages(ana).getByText("benjamin", { exact: true })).toBeVisible();
  await expect(ben).toHaveURL(/\/lobby\/benjamin\//);

  await page.goto("/admin/users/");
  await page.getByRole("rowheader", { name: "benjamin" }).getByRole("link").click();
  await page.getByLabel("Deactivated").check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(ben.getByTestId("status")).toContainText("session has ended");
  await say(ana, "still here");
  await sees(ana, "still here");
  await expect(saying(ben, "still here")).toHaveCount(0);
});

test("an owner talks as anybody does, and deletes what others wrote", async ({ join, someone, server }) => {
  const ana = await join("ana", "lobby");
  await say(ana, "spam");
  await sees(ana, "spam");
  const olga = await (await someone()).newPage();
  await setUp(olga, server, "olga");
  await olga.goto("/");
  await joinAs(olga, "olga", "lobby");
  await say(olga, "please don't");
  await sees(ana, "please don't");
  await saying(olga, "spam").hover();
  await saying(olga, "spam").getByRole("button", { name: /^More about/ }).click();
  await olga.getByRole("menuitem", { name: "Delete" }).click();
  await olga.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(messages(ana).locator(".text")).toHaveText(["please don't"]);
});
