import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Client } from "../client.ts";
import { due, putAway } from "../nudge.ts";
import { isGuest, moderatesAll } from "../standing.ts";
import type { User } from "../wire.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import { useAway } from "./popup.ts";

const ROLES: Record<string, string> = { moderator: "Moderator", administrator: "Administrator", owner: "Owner" };

/** Who I am, at the bottom of the rooms, and what I can do about it. */
export function Me({ client }: { client: Client }) {
  const me = client.me.value;
  const guest = isGuest(me);
  const open = useSignal(false);
  const whole = useRef<HTMLDivElement>(null);
  useAway(whole, open);
  return (
    <>
      {guest && <Nudge key={me.id} me={me} next={client.path(client.room.value.view.value.info)} />}
      <div class="me" ref={whole}>
        <button class="me-button" type="button" aria-expanded={open.value} aria-haspopup="true" data-testid="me" onClick={() => (open.value = !open.value)}>
          <Avatar id={me.id} name={me.name} />
          <span class="me-words">
            <span class="me-name">{me.name}</span>
            <span class="me-hint">{guest ? "Guest" : (ROLES[me.role ?? ""] ?? "Member")}</span>
          </span>
        </button>
        <form method="post" action="/-/sign-out">
          <button class="button quiet small">{guest ? "Leave" : "Sign out"}</button>
        </form>
        {open.value && <Mine me={me} />}
      </div>
    </>
  );
}

/** Where the pages about me are. */
function Mine({ me }: { me: User }) {
  return (
    <nav class="menu up me-menu" aria-label="About me">
      <a class="menu-item" href="/-/me">
        <Icon name="person" /> My profile
      </a>
      <a class="menu-item" href="/-/me#devices">
        <Icon name="gear" /> My devices
      </a>
      {isGuest(me) && (
        <a class="menu-item" href="/-/register">
          <Icon name="check" /> Keep my name
        </a>
      )}
      {moderatesAll(me) && (
        <a class="menu-item" href="/admin/reports/">
          <Icon name="flag" /> Reports
        </a>
      )}
      {["administrator", "owner"].includes(me.role ?? "") && (
        <a class="menu-item" href="/admin/">
          <Icon name="gear" /> Administration
        </a>
      )}
    </nav>
  );
}

function Nudge({ me, next }: { me: User; next: string }) {
  const shown = useSignal(due(me.id));
  if (!shown.value) return null;
  const away = () => {
    putAway(me.id);
    shown.value = false;
  };
  return (
    <div class="nudge" role="note" data-testid="nudge">
      <p>
        Your name lives in this browser's cookie only. <a href={`/-/register?next=${encodeURIComponent(next)}`}>Keep it</a>: add a password or a passkey.
      </p>
      <button class="icon-button" type="button" onClick={away}>
        <Icon name="close" />
        <span class="sr">Not now</span>
      </button>
    </div>
  );
}
