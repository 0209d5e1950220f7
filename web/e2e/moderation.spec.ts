// Moderation, as it looks to those who do it and those it is done to.

import { setUp } from "./office.ts";
import { dialog, enrol, line, make } from "./people.ts";
import { box, choose, connected, say, saying, sees } from "./room.ts";
import { expect, inRoom, test } from "./test.ts";

test("who is muted reads on, and has the box and the draft back when that ends", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  await make(ana, "garden");
  const ben = await join("ben", "garden");
  await say(ben, "noise");
  await sees(ana, "noise");
  await box(ben).fill("more noise");
  const mute = async (span: RegExp, button: string) => {
    await choose(ana, "noise", "Mute ben…");
    const select = dialog(ana).getByLabel("For how long");
    const option = select.locator("option", { hasText: span });
    await expect(option).toHaveCount(1);
    await select.selectOption({ label: (await option.textContent()) ?? "" });
    await dialog(ana).getByLabel("Why").fill("quiet, please");
    await dialog(ana).getByRole("button", { name: button, exact: true }).click();
    await expect(dialog(ana)).toHaveCount(0);
  };
  await mute(/1 hour/, "Mute");
  await expect(ben.getByTestId("quiet")).toContainText("muted until");
  await expect(box(ben)).toHaveCount(0);
  await say(ana, "thank you");
  await sees(ben, "thank you");
  await mute(/Not at all/, "Let them speak");
  await expect(box(ben)).toHaveValue("more noise");
  await box(ben).press("Enter");
  await sees(ana, "more noise");
});

test("in a slow room the next message waits, and says how long", async ({ join }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  await make(ana, "garden");
  const room = await line(ana, "garden").getAttribute("data-room");
  expect((await ana.request.patch(`/api/v1/rooms/${room}`, { data: { slow: 5 } })).ok()).toBe(true);
  const ben = await join("ben", "garden");
  await say(ben, "one");
  await sees(ana, "one");
  await say(ben, "two");
  await expect(ben.getByTestId("pace")).toContainText("One message every 5 seconds here");
  await expect(saying(ben, "two")).toHaveAttribute("data-state", "pending");
  await sees(ana, "two", 10_000);
  await expect(ben.getByTestId("pace")).toHaveCount(0);
});

test("a message is reported, and its reporter hears what was decided", async ({ join, someone, server }) => {
  const olga = await (await someone()).newPage();
  await setUp(olga, server, "olga");
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  await say(ben, "rude");
  await sees(ana, "rude");
  await choose(ana, "rude", "Report…");
  await dialog(ana).getByLabel("What is wrong with it").fill("it is rude");
  await dialog(ana).getByRole("button", { name: "Report", exact: true }).click();
  await expect(ana.getByTestId("status")).toContainText("Thank you");
  const { reports } = (await (await olga.request.get("/api/v1/reports")).json()) as { reports: { id: number; why: string }[] };
  expect(reports.map((r) => r.why)).toEqual(["it is rude"]);
  const decided = await olga.request.post(`/api/v1/reports/${reports[0]?.id}`, { data: { decision: "upheld", note: "gone", delete: true } });
  expect(decided.ok(), await decided.text()).toBe(true);
  await expect(ana.getByTestId("status")).toContainText("agreed with your report");
  await expect(saying(ana, "rude")).toHaveCount(0);
});

test("a guest's first message waits for approval, and then is one", async ({ join, someone, server }) => {
  const olga = await (await someone()).newPage();
  await setUp(olga, server, "olga");
  const ben = await join("ben", "lobby");
  expect((await olga.request.patch("/api/v1/settings", { data: { hold_first: true } })).ok()).toBe(true);
  const ana = await join("ana", "lobby");
  await connected(ana);
  await say(ana, "first");
  await say(ana, "second");
  await expect(saying(ana, "second")).toHaveAttribute("data-state", "held");
  await ana.reload();
  await inRoom(ana, "lobby");
  await connected(ana);
  await expect(saying(ana, "first")).toHaveAttribute("data-state", "held");
  await expect(saying(ben, "first")).toHaveCount(0);

  const { held } = (await (await olga.request.get("/api/v1/rooms/lobby/held")).json()) as { held: { id: number; text: string }[] };
  const decide = async (text: string, approve: boolean) => {
    const id = held.find((h) => h.text === text)?.id;
    const response = await olga.request.post(`/api/v1/rooms/lobby/held/${id}`, { data: { approve } });
    expect(response.ok(), await response.text()).toBe(true);
  };
  await decide("second", false);
  await expect(saying(ana, "second")).toHaveAttribute("data-state", "failed");
  await expect(saying(ana, "second")).toContainText("did not let it through");
  await decide("first", true);
  await sees(ben, "first");
  await sees(ana, "first");
});

test("a lockdown leaves guests outside and members silent, and ends by itself", async ({ join, someone, server }) => {
  const olga = await (await someone()).newPage();
  await setUp(olga, server, "olga");
  const ana = await join("ana", "lobby");
  await connected(ana);
  const ben = await join("ben", "lobby");
  await enrol(ben);
  await connected(ben);
  const lock = async (lockdown: string) => expect((await olga.request.patch("/api/v1/settings", { data: { lockdown } })).ok()).toBe(true);
  await lock("members_only");
  await expect(ana.getByTestId("gone")).toContainText("members only");
  await say(ben, "only us");
  await sees(ben, "only us");
  await lock("read_only");
  await expect(ben.getByTestId("quiet")).toContainText("read only");
  await lock("");
  await expect(box(ben)).toBeVisible();
  await expect(box(ana)).toBeVisible();
  await sees(ana, "only us");
});
