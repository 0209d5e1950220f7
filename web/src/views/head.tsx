import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Client } from "../client.ts";
import type { Dialog } from "../dialog.ts";
import { copied, tell } from "../notice.ts";
import { isGuest, mayBring, moderates } from "../standing.ts";
import type { OpenRoom } from "../open_room.ts";
import { Avatar } from "./avatar.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { leave, useAway } from "./popup.ts";

interface Props {
  client: Client;
  room: OpenRoom;
}

interface HeadProps extends Props {
  /** The rooms have slid in. */
  sideOpen: boolean;
  openRooms: () => void;
}

export function Head({ client, room, sideOpen, openRooms }: HeadProps) {
  const { info } = room.view.value;
  const gone = room.gone.value !== "";
  return (
    <header class="head">
      <button class="icon-button to-rooms" type="button" aria-controls="rooms" aria-expanded={sideOpen} onClick={openRooms}>
        <Icon name="menu" />
        <span class="sr">Rooms</span>
        {client.news.value && <span class="dot" />}
      </button>
      <div class="head-words">
        <h1 class="room-title" data-testid="room">
          {client.title(room)}
        </h1>
        {info.kind === "private" && (
          <span class="room-kind">
            <Icon name="lock" />
            <span class="sr">Private</span>
          </span>
        )}
        {info.archived && <span class="tag">Archived</span>}
        {info.topic && !gone && <p class="topic">{info.topic}</p>}
      </div>
      {!gone && <Who key={room.id} client={client} room={room} />}
      {!gone && <RoomMenu key={`menu ${room.id}`} client={client} room={room} />}
    </header>
  );
}

/** How many are here, and who. */
function Who({ client, room }: Props) {
  const open = useSignal(false);
  const whole = useRef<HTMLDivElement>(null);
  const here = room.here.value;
  const listed = client.rooms.open.value.rooms.find((r) => r.id === room.id)?.here;
  const count = here?.count ?? listed;
  const { members, kind } = room.view.value.info;
  useAway(whole, open);
  const show = (dialog: Dialog) => () => {
    leave(whole, open);
    client.dialog.value = dialog;
  };
  return (
    <div class="who-whole" ref={whole}>
      <button class="who" type="button" data-testid="who" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        <Icon name="people" /> {count ?? ""} <span class="sr">here</span>
      </button>
      {open.value && (
        <div class="here" role="group" aria-label="Who is here">
          <h2>Here now</h2>
          <ul>
            {(here?.people ?? []).map((p) => (
              <li key={p.id}>
                <button class="person-button" type="button" onClick={show({ is: "person", person: p })}>
                  <Avatar id={p.id} name={p.name} />
                  <span class="here-name">{p.name}</span>
                  {p.id === client.me.value.id && <span class="count">you</span>}
                </button>
              </li>
            ))}
          </ul>
          {here && here.count > here.people.length && <p class="count">and {here.count - here.people.length} more</p>}
          {!here && <p class="count">There is no connection just now.</p>}
          <button class="button quiet small wide" type="button" onClick={show({ is: "members" })}>
            {kind === "direct" ? "Everybody in it" : members === 1 ? "1 member" : `${members} members`}
          </button>
        </div>
      )}
    </div>
  );
}

function item(icon: IconName, words: string, act: () => void) {
  return (
    <button class="menu-item" type="button" onClick={act}>
      <Icon name={icon} /> {words}
    </button>
  );
}

/** What can be done with the room. */
function RoomMenu({ client, room }: Props) {
  const open = useSignal(false);
  const whole = useRef<HTMLDivElement>(null);
  const place = client.place.value;
  const { info, member } = place;
  const direct = info.kind === "direct";
  useAway(whole, open);
  const show = (dialog: Dialog) => () => {
    leave(whole, open);
    client.dialog.value = dialog;
  };
  const join = () => {
    leave(whole, open);
    client.acts.join(room.id).catch(() => tell("Not joined. Try again."));
  };
  const link = () => {
    leave(whole, open);
    void copied(location.origin + client.path(room.view.peek().info), "The link is copied.");
  };
  return (
    <div class="head-menu" ref={whole}>
      <button class="icon-button" type="button" data-testid="room-menu" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        <Icon name="more" />
        <span class="sr">About this room</span>
      </button>
      {open.value && (
        <div class="menu" role="group" aria-label="About this room">
          {item("people", direct ? "Everybody in it" : "Members", show({ is: "members" }))}
          {mayBring(place) && item("plus", "Add people", show({ is: "add" }))}
          {mayBring(place) && item("link", "Invite by a link", show({ is: "invite" }))}
          {item("copy", "Copy link", link)}
          {member && item("bell", "What I am told", show({ is: "notify" }))}
          {!direct && item("gear", moderates(place) ? "Room settings" : "About this room", show({ is: "about" }))}
          {!member && !(isGuest(place.me) && place.settings.guestsMayNotPost) && item("check", "Join this room", join)}
          {member && !direct && item("leave", "Leave this room", show({ is: "leave" }))}
        </div>
      )}
    </div>
  );
}
