import type { Client } from "../client.ts";
import { keepsNothing, notice } from "../notice.ts";
import type { OpenRoom } from "../open_room.ts";

/** Who is typing. */
export function Typing({ client, room }: { client: Client; room: OpenRoom }) {
  const names = room.typing.value.map((id) => client.people.name(id));
  return (
    <p class="typing" data-testid="typing">
      {names.length > 0 && (
        <>
          <span class="dots" aria-hidden="true" />
          {sentence(names)}
        </>
      )}
    </p>
  );
}

function sentence([first, second, ...others]: string[]) {
  if (second === undefined) return <><bdi>{first}</bdi> is typing…</>;
  if (others.length === 0) return <><bdi>{first}</bdi> and <bdi>{second}</bdi> are typing…</>;
  return "Several people are typing…";
}

/** What the person should know about the connection, or about what they just did. Empty when all is well. */
export function Status({ client, room }: { client: Client; room: OpenRoom }) {
  const last = final(client, room);
  return (
    <p class={last ? "status grave" : "status"} data-testid="status" role="status">
      {last || notice.value || passing(client)}
    </p>
  );
}

/** What waiting does not mend. */
function final(client: Client, room: OpenRoom) {
  if (client.trouble.value === "ended") {
    return (
      <>
        Your session has ended. <a href={room.view.value.info.kind === "public" ? `/?room=${encodeURIComponent(room.view.value.info.name)}` : "/"}>Join again</a>
      </>
    );
  }
  return room.gone.value === "deleted" ? "This room is gone." : "";
}

function passing(client: Client): string {
  switch (client.trouble.value) {
    case "waiting":
      return keepsNothing.value ? "Reconnecting… Keep this page open until what you wrote is sent." : "Reconnecting…";
    case "offline":
      return keepsNothing.value
        ? "You are offline. Keep this page open: what you write is sent when you are back."
        : "You are offline. What you write is sent when you are back.";
    default:
      return "";
  }
}
