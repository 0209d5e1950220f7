import type { Client } from "../client.ts";
import { notice } from "../notice.ts";
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

function sentence(names: string[]): string {
  const [first, second] = names;
  if (names.length === 1) return `${first} is typing…`;
  if (names.length === 2) return `${first} and ${second} are typing…`;
  return "Several people are typing…";
}

/** What the person should know about the connection, or about what they just did. Empty when all is well. */
export function Status({ client, room }: { client: Client; room: OpenRoom }) {
  return (
    <p class="status" data-testid="status" role="status">
      {notice.value || words(client, room)}
    </p>
  );
}

function words(client: Client, room: OpenRoom) {
  if (room.gone.value) return "This room is gone.";
  switch (client.trouble.value) {
    case "waiting":
      return "Reconnecting…";
    case "offline":
      return "You are offline. What you write is sent when you are back.";
    case "ended":
      return (
        <>
          Your session has ended. <a href={`/?room=${encodeURIComponent(room.view.value.info.name)}`}>Join again</a>
        </>
      );
    default:
      return "";
  }
}
