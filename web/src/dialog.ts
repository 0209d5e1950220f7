// Which dialogs there are, and what each is about. views/dialogs.tsx shows them.

import type { Person } from "./wire.ts";

export type Dialog =
  | { is: "new-room" }
  | { is: "write" }
  | { is: "about" } // the room, and its settings
  | { is: "members" }
  | { is: "add" }
  | { is: "notify" }
  | { is: "invite" }
  | { is: "leave" }
  | { is: "convert" }
  | { is: "drop" }
  | { is: "person"; person: Person; role?: string } // the role in the room, if it is known
  | { is: "mute"; person: Person }
  | { is: "remove"; person: Person }
  | { is: "report"; number: number };
