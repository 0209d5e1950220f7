// Takes the server's page over: reads what it holds, renders the same in its place, and connects.

import { effect } from "@preact/signals";
import { render } from "preact";
import { readBoot } from "./boot.ts";
import { Client } from "./client.ts";
import { LocalKeep } from "./keep.ts";
import { App } from "./views/app.tsx";

const root = document.getElementById("app");
const boot = document.getElementById("boot");

if (root && boot?.textContent) {
  const client = new Client(readBoot(boot.textContent), new LocalKeep());
  const before = root.querySelector("textarea");
  const writing = before !== null && before === document.activeElement;
  client.drafts.add(client.room.peek().id, before?.value ?? "");
  root.replaceChildren();
  render(<App client={client} />, root);
  if (writing) root.querySelector("textarea")?.focus({ preventScroll: true });
  effect(() => {
    const { info } = client.room.value.view.value;
    const unseen = client.unseen.value;
    document.title = `${unseen > 0 ? `(${unseen}) ` : ""}${info.name} · Parley`;
  });
  client.start();
}
