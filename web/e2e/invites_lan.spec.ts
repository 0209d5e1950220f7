// In a local network without https a browser says less of where a form comes from: a page with a secret in its address must not
// make it say nothing, or the form on it would look like another site's.

import { enrol, invite, make } from "./people.ts";
import { expect, inRoom, test } from "./test.ts";

test.use({
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP chat.test 127.0.0.1"],
  },
});

test("an invitation is taken over plain http", async ({ join, someone, server }) => {
  const ana = await join("ana", "lobby");
  await enrol(ana);
  await make(ana, "garden", "private");
  const link = (await invite(ana)).replace("127.0.0.1", "chat.test");
  const ben = await (await someone({ baseURL: server.url.replace("127.0.0.1", "chat.test") })).newPage();
  const sent = ben.waitForRequest((r) => r.method() === "POST" && r.url().includes("/-/invite"));
  await ben.goto(link);
  await ben.getByLabel("Your name").fill("ben");
  await ben.getByLabel("Your name").press("Enter");
  const headers = await (await sent).allHeaders();
  expect(headers["sec-fetch-site"], "that it is a browser which does not say so").toBeUndefined();
  expect(headers.referer ?? "", "the token goes nowhere").not.toContain("token");
  await inRoom(ben, "garden");
});
