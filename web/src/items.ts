// What the list of messages shows: the messages of the window, then mine that are on their way.

import type { Said } from "./days.ts";
import type { Entry } from "./outbox.ts";
import type { RoomView } from "./room.ts";
import type { Message } from "./wire.ts";

export interface Item extends Said {
  text: string;
  mine: boolean;
  message?: Message;
  entry?: Entry;
}

const known = new WeakMap<object, Item>();

/** Lists a room for a reader. What has not changed is the same object as before. */
export function items(view: RoomView, entries: readonly Entry[], me: string): Item[] {
  const list: Item[] = [];
  const keys = new Set<string>();
  for (const message of view.messages) {
    const mine = message.by === me;
    if (mine && message.key !== undefined) keys.add(message.key);
    list.push(once(message, () => ofMessage(message, mine)));
  }
  if (view.later) return list;
  for (const entry of entries) {
    if (entry.room !== view.id || keys.has(entry.key)) continue;
    list.push(once(entry, () => ({ id: entry.key, by: me, at: entry.at, text: entry.text, mine: true, entry })));
  }
  return list;
}

function ofMessage(message: Message, mine: boolean): Item {
  const id = mine && message.key !== undefined ? message.key : `m${message.number}`;
  return { id, by: message.by, at: message.at, text: message.text, mine, message };
}

function once(of: object, make: () => Item): Item {
  let item = known.get(of);
  if (!item) known.set(of, (item = make()));
  return item;
}
