import { type Signal, signal } from "@preact/signals";
import { Component } from "preact";
import { messagePath } from "../address.ts";
import type { Client } from "../client.ts";
import { Calendar, days } from "../days.ts";
import { type Item, items } from "../items.ts";
import { copied } from "../notice.ts";
import type { OpenRoom } from "../open_room.ts";
import { type RoomView, WINDOW } from "../room.ts";
import { Scroller } from "../scroller.ts";
import { counted, segment } from "../titles.ts";
import { Empty } from "./empty.tsx";
import { Icon } from "./icon.tsx";
import { MessageView } from "./message.tsx";

/** Milliseconds that a message stays lit after it was gone to. */
const LIT = 2_500;
/** Screens from the end of what is loaded at which more is loaded. */
const AHEAD = 1.5;
/** How far the window may outgrow its size before it is trimmed, so that it is not trimmed with every message. */
const SLACK = 40;

const calendar = new Calendar();

interface Props {
  client: Client;
  room: OpenRoom;
}

/** The list of messages. It is made anew for each room. */
export class Log extends Component<Props> {
  private box: HTMLDivElement | null = null;
  private list: HTMLDivElement | null = null;
  private scroller: Scroller | null = null;
  private sizes: ResizeObserver | null = null;
  private shown: RoomView | null = null;
  private readonly above = signal(false); // the "New" line is above what is on the screen
  private readonly away = signal(false); // the reader is not at the end
  private readonly missed = signal(0); // how many messages came meanwhile
  private newest = 0; // the newest message when the reader came, or was last at the end
  private readonly lit: Signal<number | null> = signal(null);
  private readonly current: Signal<string | null> = signal(null); // the message whose menu the keyboard reaches
  private readonly menu: Signal<string | null> = signal(null); // the message whose menu is open
  private litTimer: ReturnType<typeof setTimeout> | undefined;
  private speakTimer: ReturnType<typeof setTimeout> | undefined;

  override componentDidMount(): void {
    if (!this.box || !this.list) return;
    this.scroller = new Scroller(this.box);
    this.newest = this.props.room.view.peek().newest;
    this.settle();
    this.sizes = new ResizeObserver(() => {
      this.scroller?.restore();
      this.fill();
    });
    this.sizes.observe(this.box);
    this.sizes.observe(this.list);
  }

  override componentWillUnmount(): void {
    this.sizes?.disconnect();
    clearTimeout(this.litTimer);
    clearTimeout(this.speakTimer);
  }

  /** Called before the DOM changes. Gives the message that has the focus. */
  override getSnapshotBeforeUpdate(): HTMLElement | null {
    this.scroller?.note();
    this.hush();
    return (this.list?.contains(document.activeElement) && document.activeElement?.closest<HTMLElement>(".message")) || null;
  }

  override componentDidUpdate(_props: Props, _state: unknown, focused: HTMLElement | null): void {
    this.settle();
    if (focused && !focused.isConnected && document.activeElement === document.body) this.handOn(Number(focused.dataset.number));
  }

  /** A message that had the focus is gone: it goes to the next one, or the last. */
  private handOn(number: number): void {
    const buttons = [...(this.box?.querySelectorAll<HTMLElement>(".message[data-number] .more") ?? [])];
    const next = buttons.find((b) => Number(b.closest<HTMLElement>(".message")?.dataset.number) > number) ?? buttons.at(-1);
    if (next) this.current.value = next.dataset.id ?? null;
    (next ?? this.box)?.focus({ preventScroll: true });
  }

  /** Screen readers hear messages that are new, not those that reading back brings in. */
  private hush(): void {
    const before = this.shown;
    const now = this.props.room.view.peek();
    if (before === now || !before) return;
    const known = before.messages.at(-1)?.number ?? 0;
    const first = before.messages[0]?.number ?? 0;
    const onward = now.newest > before.newest && !before.later && !now.later;
    if (onward && (now.messages[0]?.number ?? 0) >= first && (now.messages.at(-1)?.number ?? 0) >= known) return;
    this.list?.setAttribute("aria-live", "off");
    clearTimeout(this.speakTimer);
    this.speakTimer = setTimeout(() => this.list?.setAttribute("aria-live", "polite"), 500);
  }

  /** Goes to where the reader is to be, after something was rendered. */
  private settle(): void {
    const { scroller } = this;
    const { room } = this.props;
    if (!scroller) return;
    this.shown = room.view.peek();
    const target = room.target.peek();
    if (target === "newest") scroller.end();
    else if (target !== null) this.light(target, scroller);
    else scroller.restore();
    room.target.value = null;
    this.moved();
    const { messages } = this.shown;
    if (messages.length > WINDOW + SLACK) room.trim(room.reading ?? this.shown.newest);
  }

  /** Puts a message in the middle and lights it up; one that was deleted gives its place to the next. */
  private light(number: number, scroller: Scroller): void {
    const near = this.shown?.messages.find((m) => m.number >= number);
    const element = near && this.box?.querySelector(`#m${near.number}`);
    if (!element) {
      scroller.end();
      return;
    }
    scroller.centre(element);
    if (near.number !== number) return;
    this.lit.value = number;
    clearTimeout(this.litTimer);
    this.litTimer = setTimeout(() => (this.lit.value = null), LIT);
  }

  /** The reader is somewhere else, or something has come. */
  private moved(): void {
    const { scroller } = this;
    const { room } = this.props;
    if (!scroller) return;
    scroller.note();
    const view = room.view.peek();
    const atEnd = scroller.stuck && !view.later;
    room.reading = atEnd ? undefined : scroller.middle();
    if (atEnd) this.newest = view.newest;
    this.props.client.attention.look(room.id, atEnd ? view.newest : 0);
    this.above.value = this.lineAbove();
    this.missed.value = Math.max(0, view.newest - this.newest);
    this.away.value = !atEnd && (view.later || this.missed.value > 0 || scroller.toEnd() > scroller.height / 2);
    this.fill();
  }

  /** Whether the "New" line is above what is on the screen, or of what is loaded. */
  private lineAbove(): boolean {
    const { room } = this.props;
    const line = room.line.peek();
    if (!line || line.count === 0 || !this.box) return false;
    const element = this.box.querySelector(".new-line");
    if (!element) return room.view.peek().earlier && (room.view.peek().messages[0]?.number ?? 0) > line.after;
    return element.getBoundingClientRect().bottom < this.box.getBoundingClientRect().top;
  }

  /** Goes to the first message that is new, which then is not told of any more. */
  private readonly toNew = () => {
    const { room } = this.props;
    const line = room.line.peek();
    if (!line) return;
    room.line.value = { ...line, count: 0 };
    void room.jump(line.after + 1);
  };

  private fill(): void {
    const { scroller } = this;
    const { room } = this.props;
    if (!scroller) return;
    const ahead = scroller.height * AHEAD;
    const view = room.view.peek();
    if (view.earlier && scroller.fromStart() < ahead) void room.load("before");
    if (view.later && scroller.toEnd() < ahead) void room.load("after");
  }

  /** Arrow keys go from one message's menu button to the next. */
  private readonly keyed = (e: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[e.key];
    if (step === undefined || !(e.target instanceof HTMLElement) || !e.target.matches(".more") || !this.box) return;
    const buttons = [...this.box.querySelectorAll<HTMLElement>(".more")];
    const next = buttons[buttons.indexOf(e.target) + step];
    if (!next) return;
    e.preventDefault();
    this.current.value = next.dataset.id ?? null;
    next.focus();
  };

  private readonly link = (item: Item) => {
    const { client, room } = this.props;
    if (!item.message) return;
    const path = messagePath(segment(room.view.peek().info), client.me.peek().name, item.message.number);
    void copied(location.origin + path, "The link is copied.");
  };

  private readonly open = (id: string | null) => {
    this.menu.value = id;
    if (id !== null) this.current.value = id;
  };

  render({ client, room }: Props) {
    const view = room.view.value;
    const going = room.target.value !== null; // a new place to go to is a reason to render
    const list = items(view, client.entries.value, client.me.value.id);
    const line = room.line.value;
    const newest = line ? list.find((i) => !i.mine && (i.message?.number ?? 0) > line.after)?.id : undefined;
    const current = this.current.value !== null && list.some((i) => i.id === this.current.value) ? this.current.value : list.at(-1)?.id;
    return (
      <>
        <div
          class={going ? "scroll going" : "scroll"}
          tabIndex={0}
          role="region"
          aria-label="Messages"
          ref={(e) => void (this.box = e)}
          onScroll={() => this.moved()}
          onKeyDown={this.keyed}
        >
          <div class="log" role="log" aria-live="polite" aria-relevant="additions" ref={(e) => void (this.list = e)}>
            {list.length === 0 && !view.earlier && !view.later && <Empty path={view.info.kind === "public" ? client.path(view.info) : ""} />}
            {list.length > 0 && <p class="edge">{view.earlier ? "Earlier messages…" : `This is the beginning of ${client.title(room)}.`}</p>}
            {days(list, calendar).map((day) => (
              <section key={day.id} class="day" aria-label={day.date === "" ? "Some time ago" : calendar.name(day.date, Date.now())}>
                {day.date !== "" && (
                  <h2 class="day-line">
                    <time dateTime={day.date}>{calendar.name(day.date, Date.now())}</time>
                  </h2>
                )}
                {day.messages.map(({ said, first, last }, i) => [
                  said.id === newest && <NewLine key="new" />,
                  <MessageView
                    key={said.id}
                    item={said}
                    first={first || said.id === newest}
                    last={last || (newest !== undefined && day.messages[i + 1]?.said.id === newest)}
                    client={client}
                    calendar={calendar}
                    lit={said.message !== undefined && said.message.number === this.lit.value}
                    current={said.id === current}
                    menu={said.id === this.menu.value}
                    open={this.open}
                    link={this.link}
                  />,
                ])}
              </section>
            ))}
          </div>
        </div>
        <ToNew above={this.above} count={line?.count ?? 0} go={this.toNew} />
        <Jump away={this.away} missed={this.missed} go={() => client.toNewest()} />
      </>
    );
  }
}

/** Where what is new begins. */
function NewLine() {
  return (
    <p class="new-line" data-testid="new-line" role="separator" aria-label="New messages">
      <span aria-hidden="true">New</span>
    </p>
  );
}

function ToNew({ above, count, go }: { above: Signal<boolean>; count: number; go: () => void }) {
  if (!above.value || count === 0) return null;
  return (
    <div class="to-new-line">
      <button class="jump" type="button" data-testid="to-new" onClick={go}>
        <Icon name="up" />
        {counted(count)} new {count === 1 ? "message" : "messages"}
      </button>
    </div>
  );
}

function Jump({ away, missed, go }: { away: Signal<boolean>; missed: Signal<number>; go: () => void }) {
  if (!away.value) return null;
  return (
    <div class="jump-line">
      <button class="jump" type="button" data-testid="jump" onClick={go}>
        <Icon name="down" />
        Jump to newest
        {missed.value > 0 && <span class="pill">{counted(missed.value)}</span>}
        <span class="sr">{missed.value > 0 ? "new messages" : ""}</span>
      </button>
    </div>
  );
}
