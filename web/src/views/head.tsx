import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Client } from "../client.ts";
import type { OpenRoom } from "../open_room.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";

interface Props {
  client: Client;
  room: OpenRoom;
  /** The rooms have slid in. */
  sideOpen: boolean;
  openRooms: () => void;
}

export function Head({ client, room, sideOpen, openRooms }: Props) {
  const { info } = room.view.value;
  return (
    <header class="head">
      <button class="icon-button to-rooms" type="button" aria-controls="rooms" aria-expanded={sideOpen} onClick={openRooms}>
        <Icon name="menu" />
        <span class="sr">Rooms</span>
      </button>
      <div class="head-words">
        <h1 class="room-title" data-testid="room">
          {info.name}
        </h1>
        {info.topic && <p class="topic">{info.topic}</p>}
      </div>
      <Who key={room.id} client={client} room={room} />
    </header>
  );
}

/** How many are here, and who. */
function Who({ client, room }: { client: Client; room: OpenRoom }) {
  const open = useSignal(false);
  const whole = useRef<HTMLDivElement>(null);
  const here = room.here.value;
  const listed = client.publicRooms.value.rooms.find((r) => r.id === room.id)?.here;
  const count = here?.count ?? listed;
  useEffect(() => {
    if (!open.value) return undefined;
    const away = (e: Event) => {
      if (e.target instanceof Node && !whole.current?.contains(e.target)) open.value = false;
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("focusin", away);
    };
  }, [open.value, open]);
  const key = (e: KeyboardEvent) => {
    if (e.key !== "Escape" || !open.value) return;
    open.value = false;
    whole.current?.querySelector("button")?.focus();
  };
  return (
    <div class="who-whole" ref={whole} onKeyDown={key}>
      <button class="who" type="button" data-testid="who" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        <Icon name="people" /> {count ?? ""} <span class="sr">here</span>
      </button>
      {open.value && (
        <div class="here" role="group" aria-label="Who is here">
          <h2>Here now</h2>
          <ul>
            {(here?.people ?? []).map((p) => (
              <li key={p.id}>
                <Avatar id={p.id} name={p.name} />
                <span class="here-name">{p.name}</span>
                {p.id === client.me.value.id && <span class="count">you</span>}
              </li>
            ))}
          </ul>
          {here && here.count > here.people.length && <p class="count">and {here.count - here.people.length} more</p>}
          {!here && <p class="count">There is no connection just now.</p>}
        </div>
      )}
    </div>
  );
}
