// Days and groups: how a list of messages is cut up to be read. The server's pages follow the same rules.

/** What is listed: a message of the room, or one of mine that is on its way. */
export interface Said {
  /** Stays the same when a message on its way becomes real. */
  id: string;
  by: string;
  /** Unix milliseconds; absent for imported messages without a time. */
  at?: number | undefined;
}

export interface Placed<T extends Said> {
  said: T;
  /** The first or last of its group: one person, one day, never more than five minutes from one to the next. */
  first: boolean;
  last: boolean;
}

export interface Day<T extends Said> {
  id: string;
  /** "2026-11-23"; "" for messages without a time at the beginning. */
  date: string;
  messages: Placed<T>[];
}

const GAP = 5 * 60_000;

/** Cuts messages into days of the zone, and the days into groups. */
export function days<T extends Said>(messages: readonly T[], calendar: Calendar): Day<T>[] {
  const out: Day<T>[] = [];
  const used = new Set<string>();
  let day: Day<T> | undefined;
  let before: Placed<T> | undefined;
  for (const said of messages) {
    const date: string = said.at === undefined ? (day?.date ?? "") : calendar.date(said.at);
    if (!day || date !== day.date) {
      const id = used.has(date) ? `${date} ${said.id}` : date;
      used.add(id);
      day = { id, date, messages: [] };
      out.push(day);
      before = undefined;
    }
    const joins = before !== undefined && together(before.said, said);
    if (before) before.last = !joins;
    before = { said, first: !joins, last: true };
    day.messages.push(before);
  }
  return out;
}

function together(a: Said, b: Said): boolean {
  if (a.by !== b.by) return false;
  if (a.at === undefined || b.at === undefined) return a.at === b.at;
  return b.at - a.at <= GAP;
}

/** Says times in one time zone; the reader's own unless another is given. */
export class Calendar {
  private readonly dates: Intl.DateTimeFormat;
  private readonly clock: Intl.DateTimeFormat;
  private readonly known = new Map<number, string>();

  constructor(zone?: string) {
    const timeZone = zone === undefined ? {} : { timeZone: zone };
    this.dates = new Intl.DateTimeFormat("en-CA", { ...timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    this.clock = new Intl.DateTimeFormat("en-GB", { ...timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }

  /** "2026-11-23" */
  date(at: number): string {
    const quarter = Math.floor(at / 900_000); // no zone is offset by less than a quarter of an hour
    let date = this.known.get(quarter);
    if (date === undefined) {
      const parts = new Map(this.dates.formatToParts(at).map((p) => [p.type, p.value]));
      date = `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
      this.known.set(quarter, date);
    }
    return date;
  }

  /** "14:03" */
  time(at: number): string {
    return this.clock.format(at);
  }

  /** "Today", "Yesterday", or the date in full: "Monday, 23 November 2026". */
  name(date: string, now: number): string {
    if (date === this.date(now)) return "Today";
    const noon = Date.parse(`${this.date(now)}T12:00:00Z`);
    if (date === new Date(noon - 86_400_000).toISOString().slice(0, 10)) return "Yesterday";
    return inFull(date);
  }

  /** "Monday, 23 November 2026, 14:03" */
  moment(at: number): string {
    return `${inFull(this.date(at))}, ${this.time(at)}`;
  }
}

const FULL = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "long", day: "numeric", month: "long", year: "numeric" });

function inFull(date: string): string {
  const parts = new Map(FULL.formatToParts(Date.parse(`${date}T12:00:00Z`)).map((p) => [p.type, p.value]));
  return `${parts.get("weekday")}, ${parts.get("day")} ${parts.get("month")} ${parts.get("year")}`;
}
