import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Joined } from "../answers.ts";
import type { Client } from "../client.ts";
import { mayBring, moderates } from "../standing.ts";
import { Avatar } from "./avatar.tsx";
import { Frame, useTrial, Wrong } from "./frame.tsx";

interface Props {
  client: Client;
  close: () => void;
}

/** Who is in the room, page by page; for its moderators also who is banned. */
export function Members({ client, close }: Props) {
  const trial = useTrial();
  const banned = useSignal(false);
  const shown = useSignal<readonly Joined[]>([]);
  const more = useSignal(false);
  const { id } = client.room.value;
  const place = client.place.value;
  const count = client.room.value.view.value.info.members;
  const read = (from: readonly Joined[]) =>
    trial.run(async () => {
      const page = await client.acts.members(id, from.at(-1)?.user, banned.peek());
      shown.value = [...from, ...page.members];
      more.value = page.more;
    });
  useEffect(() => void read([]), [id, banned.value, count]); // who comes or goes changes the count
  const person = (m: Joined) => () => (client.dialog.value = { is: "person", person: { id: m.user, name: m.name }, role: m.role ?? "" });
  const again = (m: Joined) => () =>
    void trial.run(() => client.acts.unban(id, m.user)).then((done) => done && (shown.value = shown.peek().filter((s) => s.user !== m.user)));
  return (
    <Frame title={place.info.kind === "direct" ? "Everybody in it" : banned.value ? "Banned" : `Members (${count})`} close={close} panel>
      {mayBring(place) && !banned.value && (
        <div class="actions">
          <button class="button" type="button" data-first onClick={() => (client.dialog.value = { is: "add" })}>
            Add people
          </button>
          <button class="button quiet" type="button" onClick={() => (client.dialog.value = { is: "invite" })}>
            Invite by a link
          </button>
        </div>
      )}
      <Wrong trial={trial} />
      <ul class="members" data-testid="members">
        {shown.value.map((m) => (
          <li key={m.user} class="member">
            {banned.value ? (
              <>
                <Avatar id={m.user} name={m.name} />
                <span class="here-name">{m.name}</span>
                <button class="button quiet small" type="button" onClick={again(m)}>
                  Let in again
                </button>
              </>
            ) : (
              <button class="person-button" type="button" onClick={person(m)}>
                <Avatar id={m.user} name={m.name} />
                <span class="here-name">{m.name}</span>
                {m.user === client.me.value.id && <span class="count">you</span>}
                {m.role === "moderator" && <span class="tag">Moderator</span>}
              </button>
            )}
          </li>
        ))}
      </ul>
      {shown.value.length === 0 && !trial.busy.value && trial.why.value === "" && <p class="help">{banned.value ? "Nobody is banned." : "Nobody yet."}</p>}
      {more.value && (
        <button class="button quiet wide" type="button" onClick={() => void read(shown.peek())}>
          Show more
        </button>
      )}
      {moderates(place) && (
        <button class="text-button" type="button" onClick={() => (banned.value = !banned.value)}>
          {banned.value ? "Back to the members" : "Who is banned"}
        </button>
      )}
    </Frame>
  );
}
