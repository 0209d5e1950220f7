import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo } from "preact/hooks";
import type { Client } from "../client.ts";
import { Calendar } from "../days.ts";
import type { OpenRoom } from "../open_room.ts";
import { type Unheard, unheard } from "../standing.ts";
import { Writing } from "../writing.ts";
import { Icon } from "./icon.tsx";

interface Props {
  client: Client;
  room: OpenRoom;
}

/** Milliseconds: the longest that a browser's timer takes. */
const LONGEST = 2 ** 31 - 1;

const calendar = new Calendar();

/** Where messages are written, or why none are. It is made anew for each room. */
export function Box({ client, room }: Props) {
  const now = useSignal(Date.now());
  const quiet = unheard(client.place.value, now.value);
  useEffect(() => {
    now.value = Date.now();
    if (quiet?.until === undefined) return undefined;
    const timer = setTimeout(() => (now.value = Date.now()), Math.min(LONGEST, quiet.until - Date.now() + 50));
    return () => clearTimeout(timer);
  }, [quiet?.until, now]);
  return quiet ? <Quiet quiet={quiet} /> : <WritingBox client={client} room={room} />;
}

/** Why nothing can be written. A draft stays for when it can. */
function Quiet({ quiet }: { quiet: Unheard }) {
  return (
    <div class="quiet-note" data-testid="quiet" role="status">
      <Icon name={quiet.why === "muted" ? "mute" : "lock"} />
      <p>{words(quiet)}</p>
    </div>
  );
}

function words({ why, until }: Unheard) {
  switch (why) {
    case "archived":
      return "This room is archived. It can be read; nobody writes in it.";
    case "read-only":
      return "Just now this server is read only.";
    case "muted":
      return until === undefined ? "You are muted. You can read." : `You are muted until ${moment(until)}. You can read.`;
    default:
      return (
        <>
          Only members write here. <a href="/-/register">Become one</a>
        </>
      );
  }
}

/** A time of today as it is, another one with its date. */
function moment(at: number): string {
  return calendar.date(at) === calendar.date(Date.now()) ? calendar.time(at) : calendar.moment(at);
}

/** The message box. */
function WritingBox({ client, room }: Props) {
  const writing = useMemo(() => new Writing(client, room), [client, room]);
  const editing = client.editor.editing.value;
  const name = client.title(room);
  useLayoutEffect(() => writing.begin(), [writing]);
  useLayoutEffect(() => writing.editing(editing), [writing, editing]);
  const submit = (e: Event) => {
    e.preventDefault();
    writing.submit();
    writing.box?.focus();
  };
  return (
    <form class={writing.filled.value ? "box" : "box idle"} onSubmit={submit}>
      {editing && (
        <p class="box-note">
          <Icon name="edit" />
          <span>Editing your message</span>
          <button class="text-button" type="button" onClick={() => (client.editor.editing.value = null)}>
            Cancel
          </button>
        </p>
      )}
      {!editing && <Pace client={client} room={room} />}
      <label class="sr" for="text">
        Message {name}
      </label>
      <textarea
        ref={(e) => void (writing.box = e)}
        id="text"
        name="text"
        data-testid="message-box"
        rows={1}
        placeholder={`Message ${name}`}
        autocomplete="off"
        enterkeyhint="enter"
        onInput={() => writing.typed()}
        onKeyDown={(e) => writing.keyed(e)}
      />
      <button class="send" data-testid="send">
        <Icon name={editing ? "check" : "send"} />
        <span class="sr">{editing ? "Save" : "Send"}</span>
      </button>
    </form>
  );
}

/** How long the room has to wait for my next message, which goes out by itself then. */
function Pace({ client, room }: Props) {
  const until = client.pausedUntil(room);
  const now = useSignal(Date.now());
  useEffect(() => {
    now.value = Date.now();
    if (until <= Date.now()) return undefined;
    const timer = setInterval(() => (now.value = Date.now()), 500);
    return () => clearInterval(timer);
  }, [until, now]);
  const seconds = Math.ceil((until - now.value) / 1000);
  if (seconds <= 1) return null;
  const { slow } = room.view.value.info;
  return (
    <p class="box-note" data-testid="pace">
      <Icon name="clock" />
      <span>
        {slow ? `One message every ${slow} seconds here. ` : "That was quick. "}
        What you wrote goes out in {seconds} s.
      </span>
    </p>
  );
}
