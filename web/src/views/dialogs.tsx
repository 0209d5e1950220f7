import type { Client } from "../client.ts";
import { About, Convert, Drop, Leave, Told } from "./about.tsx";
import { InviteLink } from "./invite.tsx";
import { Members } from "./members.tsx";
import { Mute, Remove, Report } from "./moderate.tsx";
import { AddPeople, NewRoom, WriteTo } from "./new_room.tsx";
import { PersonCard } from "./person.tsx";

const PLAIN = {
  "new-room": NewRoom,
  write: WriteTo,
  about: About,
  members: Members,
  add: AddPeople,
  notify: Told,
  invite: InviteLink,
  leave: Leave,
  convert: Convert,
  drop: Drop,
} as const;

/** What is asked of the person, if anything is. */
export function Dialogs({ client }: { client: Client }) {
  const dialog = client.dialog.value;
  if (!dialog) return null;
  const close = () => {
    if (client.dialog.peek() === dialog) client.dialog.value = null; // one that follows another stays
  };
  switch (dialog.is) {
    case "person":
      return <PersonCard key={dialog.person.id} client={client} person={dialog.person} role={dialog.role} close={close} />;
    case "mute":
      return <Mute client={client} person={dialog.person} close={close} />;
    case "remove":
      return <Remove client={client} person={dialog.person} close={close} />;
    case "report":
      return <Report client={client} number={dialog.number} close={close} />;
    default: {
      const View = PLAIN[dialog.is];
      return <View client={client} close={close} />;
    }
  }
}
