import { useLayoutEffect, useMemo } from "preact/hooks";
import type { Client } from "../client.ts";
import type { OpenRoom } from "../open_room.ts";
import { Writing } from "../writing.ts";
import { Icon } from "./icon.tsx";

interface Props {
  client: Client;
  room: OpenRoom;
}

/** The message box. It is made anew for each room. */
export function Box({ client, room }: Props) {
  const writing = useMemo(() => new Writing(client, room), [client, room]);
  const editing = client.editing.value;
  const { name } = room.view.value.info;
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
          <button class="text-button" type="button" onClick={() => (client.editing.value = null)}>
            Cancel
          </button>
        </p>
      )}
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
