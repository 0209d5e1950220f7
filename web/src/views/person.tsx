import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Profile } from "../acts.ts";
import type { Client } from "../client.ts";
import { moderates } from "../standing.ts";
import type { Person } from "../wire.ts";
import { Avatar } from "./avatar.tsx";
import { Frame, useTrial, Wrong } from "./frame.tsx";

interface Props {
  client: Client;
  person: Person;
  /** In the room, if it is known. */
  role?: string | undefined;
  close: () => void;
}

const WHO: Record<string, string> = {
  owner: "Owner of this server",
  administrator: "Administrator",
  moderator: "Moderator",
  guest: "Guest",
  member: "Member",
  bot: "Bot",
  script: "Script",
  imported: "Imported",
};

/** Who somebody is, and what I can do with them here. */
export function PersonCard({ client, person, role: known, close }: Props) {
  const trial = useTrial();
  const profile = useSignal<Profile | null>(null);
  const role = useSignal<string | null>(known ?? null); // in the room; null while that is not known
  const me = client.me.value.id === person.id;
  const room = client.room.value.id;
  const managing = moderates(client.place.value) && !me;
  useEffect(() => {
    client.acts.profile(person.id).then((p) => (profile.value = p), () => {});
    if (managing && role.peek() === null) client.acts.members(room).then(({ members }) => (role.value = members.find((m) => m.user === person.id)?.role ?? ""), () => {});
  }, [client, person.id, managing, room, profile, role]);
  const write = () =>
    void trial.run(async () => {
      const direct = await client.acts.create({ kind: "direct", users: [person.id] });
      close();
      await client.go(direct, { push: true });
    });
  const appoint = (to: "moderator" | "") => () => void trial.run(() => client.acts.appoint(room, person.id, to)).then((done) => done && (role.value = to));
  const name = client.people.name(person.id);
  const who = profile.value;
  const writable = !me && !["script", "imported", "bot"].includes(who?.kind ?? "");
  return (
    <Frame title={name === "…" ? person.name : name} close={close}>
      <div class="card-person">
        <Avatar id={person.id} name={person.name} />
        <p>
          {who ? (WHO[who.role] ?? WHO[who.kind] ?? "Member") : "…"}
          {role.value === "moderator" && <span class="tag">Moderates this room</span>}
          {who && who.since > 0 && <span class="help">Here since {new Date(who.since).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" })}</span>}
        </p>
      </div>
      {who?.bio && <p class="bio">{who.bio}</p>}
      <Wrong trial={trial} />
      <div class="actions">
        {writable && (
          <button class="button" type="button" data-first onClick={write}>
            Write to {person.name}
          </button>
        )}
        {me && (
          <a class="button" href="/-/me" data-first>
            My profile
          </a>
        )}
      </div>
      {managing && (
        <div class="actions">
          {role.value === "moderator" ? (
            <button class="button quiet" type="button" onClick={appoint("")}>
              Take the moderator's role away
            </button>
          ) : (
            who?.kind === "member" && (
              <button class="button quiet" type="button" onClick={appoint("moderator")}>
                Make a moderator
              </button>
            )
          )}
          <button class="button quiet" type="button" onClick={() => (client.dialog.value = { is: "mute", person })}>
            Mute…
          </button>
          <button class="button quiet" type="button" onClick={() => (client.dialog.value = { is: "remove", person })}>
            Remove…
          </button>
        </div>
      )}
    </Frame>
  );
}
