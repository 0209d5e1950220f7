// A backup is brought back under the feet of open pages.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { box, messages, remove, say, saying, sees, stored } from "./room.ts";
import type { Server } from "./server.ts";
import { expect, test } from "./test.ts";

/** Runs a command of the program on the server's data. */
function command(server: Server, name: string, ...args: string[]): void {
  const binary = process.env.E2E_SERVER;
  if (!binary) throw new Error("the server was not built");
  execFileSync(binary, [name, ...args, "--data", server.data], { stdio: "pipe" });
}

test("after a restore open pages begin anew by themselves", async ({ join, server }) => {
  const folder = mkdtempSync(path(tmpdir(), "parley-backup-"));
  const backup = path(folder, "backup.db");
  const ana = await join("ana", "lobby");
  const ben = await join("ben", "lobby");
  const pages = [ana, ben];
  for (const text of ["one", "two", "three"]) {
    await say(ana, text);
    await sees(ben, text);
  }
  command(server, "backup", backup);
  await remove(ana, "two");
  for (const text of ["four", "five"]) {
    await say(ben, text);
    await sees(ana, text);
  }
  for (const page of pages) await expect(messages(page).locator(".text")).toHaveText(["one", "three", "four", "five"]);

  await server.stop();
  await say(ana, "while away");
  await expect(saying(ana, "while away")).toHaveAttribute("data-state", "pending");
  command(server, "restore", backup, "--replace");
  rmSync(folder, { recursive: true });
  await server.start();

  // What was deleted after the backup is there, what was posted is not.
  const restored = ["one", "two", "three"];
  await expect(messages(ben).locator(".text")).toHaveText(restored);
  await expect(box(ben)).toBeEnabled();
  expect(await stored(ben.context().request, "lobby")).toEqual(restored);

  // What was written for the former database is kept, and sent when its author says so.
  await expect(messages(ana).locator(".text")).toHaveText([...restored, "while away"]);
  await saying(ana, "while away").getByRole("button", { name: "Retry" }).click();
  for (const page of pages) await sees(page, "while away");
  await say(ben, "and on");
  for (const page of pages) await sees(page, "and on");
  expect(await stored(ana.context().request, "lobby")).toEqual([...restored, "while away", "and on"]);
});
