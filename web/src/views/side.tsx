import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Client } from "../client.ts";
import { Refused } from "../conn.ts";
import { type Line, lists } from "../sidebar.ts";
import { others, counted } from "../titles.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import { Me } from "./me.tsx";

interface Props {
  client: Client;
  close: () => void;
}

/** The rooms at the side, and who I am. */
export function Side({ client, close }: Props) {
  const list = useRef<HTMLElement>(null);
  const all = useSignal(false);
  const current = client.room.value.id;
  const { mine, people, others: open, hidden, archived, more } = lists({
    me: client.me.value.id,
    mine: client.rooms.mine.value.rooms,
    others: client.rooms.others.value,
    current,
    all: all.value,
  });
  useLayoutEffect(() => show(list.current), [current]);
  const line = (l: Line) => <RoomLink key={l.room.id} line={l} client={client} close={close} />;
  const ask = (is: "new-room" | "write") => () => (client.dialog.value = { is });
  return (
    <aside class="side" id="rooms">
      <div class="side-head">
        <a class="wordmark" href="/">
          <span class="mark" aria-hidden="true" />
          Parley
        </a>
        <button class="icon-button side-close" type="button" onClick={close}>
          <Icon name="close" />
          <span class="sr">Close the list of rooms</span>
        </button>
      </div>
      <Find client={client} close={close} />
      <nav class="rooms" aria-label="Rooms" data-testid="room-list" ref={list}>
        <div class="rooms-head">
          <h2>My rooms</h2>
          <button class="icon-button" type="button" data-testid="new-room" onClick={ask("new-room")}>
            <Icon name="plus" />
            <span class="sr">New room</span>
          </button>
        </div>
        {mine.length > 0 && <ul>{mine.map(line)}</ul>}
        <div class="rooms-head">
          <h2>People</h2>
          <button class="icon-button" type="button" data-testid="write-to" onClick={ask("write")}>
            <Icon name="plus" />
            <span class="sr">Write to somebody</span>
          </button>
        </div>
        {people.length > 0 && <ul>{people.map(line)}</ul>}
        <Section title="Other rooms" lines={open} line={line} />
        <Section title="Hidden" lines={hidden} line={line} />
        <Section title="Archived" lines={archived} line={line} />
        {(more > 0 || all.value) && (
          <button class="all-rooms" type="button" aria-pressed={all.value} data-testid="all-rooms" onClick={() => (all.value = !all.value)}>
            {all.value ? "Fewer rooms" : `All rooms (${more} more)`}
          </button>
        )}
      </nav>
      <Me client={client} />
    </aside>
  );
}

function Section({ title, lines, line }: { title: string; lines: Line[]; line: (l: Line) => preact.JSX.Element }) {
  if (lines.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul>{lines.map(line)}</ul>
    </>
  );
}

/** Scrolls the list until the current room is to be seen. */
function show(list: HTMLElement | null): void {
  const box = list?.getBoundingClientRect();
  const link = list?.querySelector("[aria-current]")?.getBoundingClientRect();
  if (!list || !box || !link) return;
  if (link.bottom > box.bottom || link.top < box.top) list.scrollTop += link.top - box.top - (box.height - link.height) / 2;
}

function RoomLink({ line, client, close }: Props & { line: Line }) {
  const { room, title } = line;
  const go = (e: MouseEvent) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.button !== 0) return;
    e.preventDefault();
    close();
    void client.go(room, { push: true });
  };
  return (
    <li>
      <a
        class={line.bold ? "room-link unread" : "room-link"}
        href={client.path(room)}
        aria-current={room.id === client.room.value.id ? "page" : undefined}
        data-room={room.id}
        data-kind={room.kind}
        onClick={go}
      >
        <Sign line={line} me={client.me.value.id} />
        <span class="room-name">{title}</span>
        {room.kind === "private" && <span class="sr">, private</span>}
        {client.failed.value.has(room.id) && (
          <span class="room-failed">
            <Icon name="alert" />
            <span class="sr">, a message was not sent</span>
          </span>
        )}
        {line.count > 0 && (
          <>
            <span class={line.mentioned ? "unread-count mentioned" : "unread-count"} data-testid="unread" aria-hidden="true">
              {line.mentioned && "@"}
              {counted(line.count)}
            </span>
            <span class="sr">
              , {counted(line.count)} {line.mentioned ? "that mention you" : "unread"}
            </span>
          </>
        )}
      </a>
    </li>
  );
}

/** What stands before a room's name: its kind, or the face of who is in it. */
function Sign({ line: { room, title }, me }: { line: Line; me: string }) {
  if (room.kind === "private") return <Icon name="lock" />;
  if (room.kind !== "direct") return null;
  const [first, ...rest] = others(room, me);
  if (rest.length > 0) {
    return (
      <span class="avatar many" aria-hidden="true">
        {rest.length + 1}
      </span>
    );
  }
  return <Avatar id={first?.id ?? me} name={first?.name ?? title} />;
}

/** The field that joins a room, or makes it. */
function Find({ client, close }: Props) {
  const error = useSignal("");
  const busy = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const submit = async (e: Event) => {
    const input = field.current;
    if (!input) return;
    e.preventDefault();
    const name = input.value.trim();
    if (name === "" || busy.value) return;
    busy.value = true;
    try {
      await client.join(name);
      error.value = "";
      input.value = "";
      close();
    } catch (refused) {
      error.value = refused instanceof Refused ? refused.message : "There is no connection just now. Try again.";
      input.focus();
    } finally {
      busy.value = false;
    }
  };
  return (
    <form class="find" method="post" action="/" onSubmit={(e) => void submit(e)}>
      <input type="hidden" name="username" value={client.me.value.name} />
      <label class="sr" for="find">
        Join or make a room
      </label>
      <input
        ref={field}
        id="find"
        name="room"
        placeholder="Join or make a room"
        autocomplete="off"
        required
        aria-invalid={error.value ? true : undefined}
        aria-describedby={error.value ? "find-error" : undefined}
        onInput={() => (error.value = "")}
      />
      <button class="button quiet">Go</button>
      {error.value && (
        <p class="error" id="find-error" role="alert">
          {error.value}
        </p>
      )}
    </form>
  );
}
