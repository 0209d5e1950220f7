// What the list of rooms shows: which rooms, under which heading, and how loudly.

import { title } from "./titles.ts";
import type { RoomEntry } from "./wire.ts";

export interface Line {
  room: RoomEntry;
  title: string;
  /** There is something in it that I want to be told of. */
  bold: boolean;
  /** How many messages to show in the pill; 0 for none. */
  count: number;
  /** They name me. */
  mentioned: boolean;
}

export interface Lists {
  mine: Line[];
  /** Direct rooms. */
  people: Line[];
  others: Line[];
  hidden: Line[];
  archived: Line[];
  /** How many rooms are left out, because nobody asked for all of them. */
  more: number;
}

export interface Wish {
  me: string;
  mine: readonly RoomEntry[];
  /** The public rooms that I am not in. */
  others: readonly RoomEntry[];
  /** The room that is open. */
  current: string;
  /** Show the hidden and archived ones too. */
  all: boolean;
}

const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Lists the rooms. A hidden or archived room shows when it is open, when I am mentioned in it, or when all are asked for. */
export function lists({ me, mine, others, current, all }: Wish): Lists {
  const shown: Lists = { mine: [], people: [], others: [], hidden: [], archived: [], more: 0 };
  const put = (line: Line, list: Line[], aside: Line[] | null) => {
    if (aside === null || line.room.id === current || line.mentioned) list.push(line);
    else if (all) aside.push(line);
    else shown.more++;
  };
  for (const room of mine) {
    const list = room.kind === "direct" ? shown.people : shown.mine;
    put(lineOf(room, me), list, asideOf(room, shown));
  }
  for (const room of others) put(lineOf(room, me), shown.others, room.archived ? shown.archived : null);
  for (const list of [shown.mine, shown.people, shown.hidden, shown.archived]) list.sort((a, b) => order.compare(a.title, b.title));
  return shown;
}

function asideOf(room: RoomEntry, { hidden, archived }: Lists): Line[] | null {
  if (room.own?.notify === "hidden") return hidden;
  return room.archived ? archived : null;
}

/** A room tells of what its member wants to be told: everything, mentions, or nothing. One that is hidden tells of mentions. */
function lineOf(room: RoomEntry, me: string): Line {
  const { unread = 0, mentions = 0, notify = "" } = room.own ?? {};
  const mentioned = mentions > 0 && notify !== "nothing";
  const count = mentioned ? mentions : notify === "" ? unread : 0;
  return { room, title: title(room, me), bold: count > 0, count, mentioned };
}
