// What the tutorial promises, through the front door and through its own page.

import { messages, say, saying, sees } from "./room.ts";
import { ScriptSocket } from "./script_socket.ts";
import { expect, inRoom, joinAs, test } from "./test.ts";
import { openTutorialClient } from "./tutorial_client.ts";

test("the form at / leads to the room, with the cursor in the message box", async ({ someone }) => {
  const page = await (await someone()).newPage();
  await page.goto("/");
  await joinAs(page, "ana", "lobby");
  expect(new URL(page.url()).pathname).toBe("/lobby/ana/");
  await expect(page.getByTestId("message-box")).toBeFocused();
  await page.reload();
  await inRoom(page, "lobby");
  expect(new URL(page.url()).pathname).toBe("/lobby/ana/");
});

test("a form posted by a program is redirected", async ({ someone }) => {
  const { request } = await someone();
  const response = await request.post("/", { form: { username: "ana", room: "book club" }, maxRedirects: 0 });
  expect([302, 303]).toContain(response.status());
  expect(response.headers().location).toBe("/book%20club/ana/");
});

for (const [username, room] of [
  ["ana maría", "book club"],
  ["ana 😀", "🌱 garden"],
  ["100% ana?", "is it #1? 50%25 & more"],
  ["a;b=c&d+e", "上海 / 東京".replace(" / ", "・")],
  ["O'Neil", `"quoted" \\ back`],
] as const) {
  test(`${username} in ${room} has an address`, async ({ join }) => {
    const page = await join(username, room);
    const segments = new URL(page.url()).pathname.split("/").map(decodeURIComponent);
    expect(segments).toEqual(["", room, username, ""]);
    await say(page, "hello");
    await sees(page, "hello");
    await page.reload();
    await inRoom(page, room);
    await sees(page, "hello");
  });
}

test("messages come live both ways, mine on one side and others' on the other with their name", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  for (const page of [ana, ben]) await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await say(ana, "from ana");
  await sees(ben, "from ana");
  await say(ben, "from ben");
  await sees(ana, "from ben");
  for (const page of [ana, ben]) expect(await page.evaluate(() => "sameDocument" in window), "not reloaded").toBe(true);

  await expect(messages(ana).filter({ hasText: "from ben" }).getByText("ben", { exact: true })).toBeVisible();
  const mine = await saying(ana, "from ana").getByText("from ana").boundingBox();
  const others = await saying(ana, "from ben").getByText("from ben").boundingBox();
  if (!mine || !others) throw new Error("the messages are not in sight");
  expect(mine.x).toBeGreaterThan(others.x + 100);
  expect(mine.y).toBeLessThan(others.y);

  await ana.reload();
  await inRoom(ana, "lobby");
  await expect(messages(ana).locator(".text")).toHaveText(["from ana", "from ben"]);
});

test("the view stays at the newest message", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  for (let i = 1; i <= 30; i++) await say(i % 2 ? ana : ben, `line ${i}`);
  for (const page of [ana, ben]) {
    await expect(messages(page)).toHaveCount(30);
    await sees(page, "line 30");
    await expect(saying(page, "line 30")).toBeInViewport({ ratio: 1 });
  }
  await ana.reload();
  await inRoom(ana, "lobby");
  await expect(saying(ana, "line 30")).toBeInViewport({ ratio: 1 });
});

test("the tutorial's own page and ours talk with each other", async ({ join, someone }) => {
  const ana = await join("ana", "book club");
  await say(ana, "before");
  await sees(ana, "before");

  const tina = await (await someone()).newPage();
  await openTutorialClient(tina, "book club", "tina");
  await say(ana, "hello tina");
  await expect(tina.locator("#chatContainer .receive p")).toHaveText("hello tina-ana");

  await tina.locator("#msg").fill("hello ana");
  await tina.locator("#msg").press("Enter");
  await sees(ana, "hello ana");
  await expect(messages(ana).filter({ hasText: "hello ana" }).getByText("tina", { exact: true })).toBeVisible();
  await expect(tina.locator("#chatContainer .send p")).toHaveText("hello ana");
  await expect(tina.locator("#msg"), "emptied by the echo").toHaveValue("");

  await tina.locator("#msg").fill("hello ana");
  await tina.locator("#msg").press("Enter");
  await expect(saying(ana, "hello ana"), "the same text twice is two messages").toHaveCount(2);
  await ana.reload();
  await inRoom(ana, "book club");
  await expect(messages(ana).locator(".text")).toHaveText(["before", "hello tina", "hello ana", "hello ana"]);
});

test("on the tutorial's own page a person with a session speaks as themselves", async ({ join }) => {
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  const tutorial = await ben.context().newPage();
  await openTutorialClient(tutorial, "lobby", "ana");
  await tutorial.locator("#msg").fill("who is this?");
  await tutorial.locator("#msg").press("Enter");
  await sees(ana, "who is this?");
  await expect(messages(ana).filter({ hasText: "who is this?" }).getByText("ben", { exact: true })).toBeVisible();
  await expect(tutorial.locator("#chatContainer .receive p")).toHaveText("who is this?-ben");
});

test("a script without a session listens and speaks under a name that is free", async ({ join, server }) => {
  const ana = await join("ana", "lobby");
  const { status, socket } = await ScriptSocket.dial(server.url, "/ws/notification/lobby/");
  expect(status).toBe(101);
  await say(ana, "hello robot");
  expect(await socket.receive()).toEqual({ message: { sender: "ana", message: "hello robot" } });

  socket.send({ message: "beep", room_name: "lobby", sender: "robot" });
  expect(await socket.receive()).toEqual({ message: { sender: "robot", message: "beep" } });
  await sees(ana, "beep");

  socket.send({ message: "I am ana", room_name: "lobby", sender: "ana" });
  expect(await socket.receive()).toMatchObject({ error: { code: "name_taken", field: "sender" } });
  socket.send({ message: "elsewhere", room_name: "garden", sender: "robot" });
  expect(await socket.receive()).toMatchObject({ error: { field: "room_name" } });
  socket.close();
  await expect(messages(ana)).toHaveCount(2);

  const nowhere = await ScriptSocket.dial(server.url, "/ws/notification/nowhere/");
  expect(nowhere.status).toBe(404);
  nowhere.socket.close();
});
