import { type Hello, hello, opened, type Opened } from "./wire.ts";

/** What the server put into the page. */
export interface Boot {
  hello: Hello;
  open: Opened;
  page: { room: string; username: string; at?: number };
}

/** Reads the boot data. Throws Malformed. */
export function readBoot(text: string): Boot {
  const data = JSON.parse(text) as { hello: unknown; open: unknown; page: Boot["page"] };
  return { hello: hello(data.hello), open: opened(data.open), page: data.page };
}

/** Whether the snapshot in a page at this address holds the room's newest messages. */
export function isNewest(open: Opened, search: string): boolean {
  const last = open.messages.at(-1)?.number ?? 0;
  if (last === open.number) return true;
  const query = new URLSearchParams(search);
  return !["before", "after", "at"].some((name) => query.has(name));
}
