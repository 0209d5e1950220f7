// Takes the server's page over: reads what it holds, renders the same in its place, and connects.

import { effect } from "@preact/signals";
import { render } from "preact";
import { readBoot } from "./boot.ts";
import { Client } from "./client.ts";
import { merge } from "./drafts.ts";
import { watchEarly } from "./early.ts";
import { DatabaseKeep } from "./keep.ts";
import { tellKeepsNothing } from "./notice.ts";
import { App } from "./views/app.tsx";
import { trimmed } from "./writing.ts";

const root = document.getElementById("app");
const boot = document.getElementById("boot");

if (root && boot?.textContent) {
  const early = watchEarly(root);
  const begin = readBoot(boot.textContent);
  const user = begin.hello.me?.user.id ?? "";
  const keep = new DatabaseKeep({
    user,
    databases: () => indexedDB,
    bell: new BroadcastChannel(`parley/kept/${user}`),
    earlier: () => localStorage,
    merge,
    failed: tellKeepsNothing,
  });
  addEventListener("pageshow", (e) => e.persisted && keep.refresh());
  await keep.ready;
  const client = new Client(begin, keep);
  const { sent, text, focused } = early();
  client.drafts.add(client.room.peek().id, text);
  root.replaceChildren();
  render(<App client={client} />, root);
  if (focused) root.querySelector("textarea")?.focus({ preventScroll: true });
  for (const said of sent) client.send(trimmed(said));
  effect(() => {
    const unseen = client.attention.unseen.value;
    document.title = `${unseen > 0 ? `(${unseen}) ` : ""}${client.title()} · Parley`;
  });
  client.start();
}
