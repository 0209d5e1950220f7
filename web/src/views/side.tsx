import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Client } from "../client.ts";
import { Refused } from "../conn.ts";
import type { RoomEntry } from "../wire.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";

/** The rooms at the side, and who I am. */
export function Side({ client, close }: { client: Client; close: () => void }) {
  const me = client.me.value;
  const guest = (me.kind ?? "guest") === "guest";
  const list = useRef<HTMLElement>(null);
  const current = client.room.value.id;
  useLayoutEffect(() => show(list.current), [current]);
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
        <List title="My rooms" rooms={client.mine.value.rooms} client={client} close={close} />
        <List title="Other rooms" rooms={client.others.value} client={client} close={close} />
      </nav>
      <div class="me">
        <Avatar id={me.id} name={me.name} />
        <div class="me-words">
          <span class="me-name">{me.name}</span>
          {guest && <span class="me-hint">Your name is kept by this browser's cookie only.</span>}
        </div>
        <form method="post" action="/-/sign-out">
          <button class="button quiet small">{guest ? "Leave" : "Sign out"}</button>
        </form>
      </div>
    </aside>
  );
}

/** Scrolls the list until the current room is to be seen. */
function show(list: HTMLElement | null): void {
  const box = list?.getBoundingClientRect();
  const link = list?.querySelector("[aria-current]")?.getBoundingClientRect();
  if (!list || !box || !link) return;
  if (link.bottom > box.bottom || link.top < box.top) list.scrollTop += link.top - box.top - (box.height - link.height) / 2;
}

interface ListProps {
  title: string;
  rooms: readonly RoomEntry[];
  client: Client;
  close: () => void;
}

function List({ title, rooms, client, close }: ListProps) {
  const current = client.room.value.id;
  if (rooms.length === 0) return null;
  const go = (room: RoomEntry) => (e: MouseEvent) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.button !== 0) return;
    e.preventDefault();
    close();
    void client.go(room, { push: true });
  };
  return (
    <>
      <h2>{title}</h2>
      <ul>
        {rooms.map((room) => (
          <li key={room.id}>
            <a
              class="room-link"
              href={client.path(room.name)}
              aria-current={room.id === current ? "page" : undefined}
              data-room={room.id}
              onClick={go(room)}
            >
              <span class="room-name">{room.name}</span>
              {client.failed.value.has(room.id) && (
                <span class="room-failed">
                  <Icon name="alert" />
                  <span class="sr">, a message was not sent</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The field that joins a room, or makes it. */
function Find({ client, close }: { client: Client; close: () => void }) {
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
