import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Invite } from "../acts.ts";
import type { Client } from "../client.ts";
import { copied } from "../notice.ts";
import { Select } from "./choice.tsx";
import { Frame, submits, useTrial, Wrong } from "./frame.tsx";

interface Props {
  client: Client;
  close: () => void;
}

const HOUR = 3_600_000;
const LIVES = [
  ["1", "1 hour"],
  ["24", "1 day"],
  ["168", "1 week"],
  ["0", "No end"],
] as const;
const USES = [
  ["1", "1 person"],
  ["10", "10 people"],
  ["50", "50 people"],
  ["0", "Any number"],
] as const;

/** Makes links that let people into the room, and takes them back. */
export function InviteLink({ client, close }: Props) {
  const trial = useTrial();
  const { id } = client.room.value;
  const life = useSignal("168");
  const uses = useSignal("10");
  const made = useSignal<Invite | null>(null);
  const all = useSignal<readonly Invite[]>([]);
  useEffect(() => {
    client.acts.invites(id).then((found) => (all.value = found), () => {});
  }, [client, id, all]);
  const make = () =>
    void trial.run(async () => {
      const grant: { room: string; expires_at?: number; uses?: number } = { room: id };
      if (life.peek() !== "0") grant.expires_at = Date.now() + Number(life.peek()) * HOUR;
      if (uses.peek() !== "0") grant.uses = Number(uses.peek());
      made.value = await client.acts.invite(grant);
      all.value = [made.value, ...all.peek()];
    });
  const withdraw = (invite: Invite) => () =>
    void trial.run(async () => {
      await client.acts.withdraw(invite.id);
      all.value = all.peek().filter((i) => i.id !== invite.id);
      if (made.peek()?.id === invite.id) made.value = null;
    });
  return (
    <Frame title={`Invite to ${client.title()}`} close={close}>
      {made.value ? (
        <Made invite={made.value} />
      ) : (
        <form class="form" onSubmit={submits(make)}>
          <div class="pair">
            <Select label="Good for" name="expires_at" of={life} options={LIVES} />
            <Select label="Lets in" name="uses" of={uses} options={USES} />
          </div>
          <Wrong trial={trial} />
          <div class="actions">
            <button class="button" data-first aria-busy={trial.busy.value}>
              Make a link
            </button>
          </div>
        </form>
      )}
      {all.value.length > 0 && (
        <>
          <h3 class="apart">Links to this room</h3>
          <ul class="members">
            {all.value.map((invite) => (
              <li key={invite.id} class="member">
                <span class="here-name">
                  {grants(invite)}
                  <span class="help">{invite.used === 1 ? "1 came in" : `${invite.used} came in`}</span>
                </span>
                <button class="button quiet small" type="button" onClick={withdraw(invite)}>
                  Take back
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Frame>
  );
}

/** What a link grants, in words. */
function grants({ uses, expires }: Invite): string {
  const who = uses === 0 ? "Any number of people" : uses === 1 ? "1 person" : `${uses} people`;
  if (expires === 0) return who;
  return `${who}, until ${new Date(expires).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })}`;
}

function Made({ invite }: { invite: Invite }) {
  const address = new URL(invite.url, location.href);
  const token = address.searchParams.get("token") ?? "";
  return (
    <div class="invite" data-testid="invite">
      <img class="qr" src={`/-/invite.png?token=${encodeURIComponent(token)}`} width={176} height={176} alt="The link as a QR code" />
      <div class="field">
        <label for="dialog-url">Send this link to who may come in</label>
        <input id="dialog-url" readOnly value={address.href} onFocus={(e) => e.currentTarget.select()} />
      </div>
      <p class="help">{grants(invite)}. It is shown only now.</p>
      <div class="actions">
        <button class="button" type="button" data-first onClick={() => void copied(address.href, "The link is copied.")}>
          Copy link
        </button>
      </div>
    </div>
  );
}
