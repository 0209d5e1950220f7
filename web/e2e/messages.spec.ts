// Writing, editing and deleting, by mouse and by keys.

import { box, choose, messages, remove, say, saying, sees } from "./room.ts";
import { expect, inRoom, test } from "./test.ts";

test("two tabs of one person show the same, and nothing twice", async ({ join }) => {
  const first = await join("ana", "lobby");
  const second = await first.context().newPage();
  await second.goto("/lobby/ana/");
  await inRoom(second, "lobby");
  await say(first, "from the first");
  await sees(second, "from the first");
  await say(second, "from the second");
  await sees(first, "from the second");
  for (const tab of [first, second]) {
    await expect(messages(tab).locator(".text")).toHaveText(["from the first", "from the second"]);
    await expect(messages(tab).getByText("You", { exact: true })).toHaveCount(2);
  }
});

test("the same text twice is two messages", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await say(ana, "again");
  await say(ana, "again");
  for (const page of [ana, ben]) await expect(saying(page, "again")).toHaveCount(2);
  await ben.reload();
  await inRoom(ben, "lobby");
  await expect(saying(ben, "again")).toHaveCount(2);
});

test("an edit shows live, and says that it is one", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await say(ana, "hullo");
  await sees(ben, "hullo");
  await choose(ana, "hullo", "Edit");
  await expect(box(ana)).toHaveValue("hullo");
  await box(ana).fill("hello");
  await box(ana).press("Enter");
  for (const page of [ana, ben]) {
    await sees(page, "hello");
    await expect(saying(page, "hello").getByText("edited", { exact: true })).toBeVisible();
    await expect(messages(page)).toHaveCount(1);
  }
  await expect(box(ana)).toHaveValue("");
  await ben.reload();
  await inRoom(ben, "lobby");
  await expect(saying(ben, "hello").getByText("edited", { exact: true })).toBeVisible();
});

test("a deletion shows live, and stays", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  for (const text of ["one", "two", "three"]) {
    await say(ana, text);
    await sees(ben, text);
  }
  await remove(ana, "two");
  for (const page of [ana, ben]) await expect(messages(page).locator(".text")).toHaveText(["one", "three"]);
  await ben.reload();
  await inRoom(ben, "lobby");
  await expect(messages(ben).locator(".text")).toHaveText(["one", "three"]);
});

test("others' messages can be neither edited nor deleted", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await say(ana, "mine");
  await sees(ben, "mine");
  await saying(ben, "mine").hover();
  await saying(ben, "mine").getByRole("button", { name: /^More about/ }).click();
  await expect(ben.getByRole("menuitem")).toHaveText([/Copy text/, /Copy link/, /Mark unread/, /Report/]);
  const { request } = ben.context();
  const refused = await request.delete("/api/v1/rooms/lobby/messages/1");
  expect(refused.status()).toBe(403);
  expect(await refused.json()).toMatchObject({ code: "forbidden" });
});

test("ArrowUp in the empty box edits my last message, and Escape leaves it", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await say(ana, "my first");
  await say(ana, "my last");
  await sees(ben, "my last");
  await say(ben, "someone else's");
  await sees(ana, "someone else's");
  await box(ana).press("ArrowUp");
  await expect(box(ana)).toHaveValue("my last");
  await box(ana).press("Escape");
  await expect(box(ana)).toHaveValue("");
  await box(ana).press("ArrowUp");
  await box(ana).press("End");
  await box(ana).pressSequentially(" one");
  await box(ana).press("Enter");
  await sees(ben, "my last one");
  await expect(messages(ben)).toHaveCount(3);

  await box(ana).fill("not empty");
  await box(ana).press("ArrowUp");
  await expect(box(ana), "ArrowUp moves the cursor in a text").toHaveValue("not empty");
});

test("ArrowUp right after sending does not edit the message before", async ({ join }) => {
  const ana = await join("ana", "lobby");
  // What the server tells about the second message is held back; its answer is not.
  const held: (() => void)[] = [];
  await ana.routeWebSocket(/\/ws$/, (page) => {
    const server = page.connectToServer();
    server.onMessage((frames) => {
      const pass = () => page.send(frames);
      if (String(frames).includes(`"message"`) && String(frames).includes("my last")) held.push(pass);
      else pass();
    });
  });
  await ana.reload();
  await inRoom(ana, "lobby");
  await say(ana, "my first");
  await expect(saying(ana, "my first").getByRole("button", { name: /^More about/ })).toHaveCount(1);
  await say(ana, "my last");
  await sees(ana, "my last");
  await box(ana).press("ArrowUp");
  await expect(box(ana)).not.toHaveValue("my first");
  for (const pass of held) pass();
  await expect(saying(ana, "my last").getByRole("button", { name: /^More about/ })).toHaveCount(1);
  if ((await box(ana).inputValue()) === "") await box(ana).press("ArrowUp");
  await expect(box(ana)).toHaveValue("my last");
});

test("Enter sends and Shift+Enter breaks the line", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await box(ana).pressSequentially("one");
  await box(ana).press("Shift+Enter");
  await box(ana).pressSequentially("two");
  await expect(messages(ben)).toHaveCount(0);
  await box(ana).press("Enter");
  await expect(box(ana)).toHaveValue("");
  await expect(messages(ben)).toHaveCount(1);
  expect(await messages(ben).locator(".text").innerText()).toBe("one\ntwo");
  await box(ana).press("Enter");
  await box(ana).fill("  \n ");
  await box(ana).press("Enter");
  await say(ana, "the end");
  await sees(ben, "the end");
  await expect(messages(ben), "nothing blank is sent").toHaveCount(2);
});

test("addresses are links, and nothing else is", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await say(ana, "see https://example.org/a?b=c&d=%20#e, not javascript:alert(1) nor <a href='https://evil.example'>this</a>.");
  await expect(messages(ben)).toHaveCount(1);
  const links = messages(ben).getByRole("link");
  await expect(links.first()).toHaveAttribute("href", "https://example.org/a?b=c&d=%20#e");
  for (const link of await links.all()) {
    expect(await link.getAttribute("href")).toMatch(/^https:\/\//);
    await expect(link).toHaveAttribute("target", "_blank");
    await expect(link).toHaveAttribute("rel", /noopener/);
    await expect(link).toHaveAttribute("rel", /nofollow/);
  }
  await ben.reload();
  await inRoom(ben, "lobby");
  await expect(links.first()).toHaveAttribute("href", "https://example.org/a?b=c&d=%20#e");
});
