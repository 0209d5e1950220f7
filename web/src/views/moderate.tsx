import { useSignal } from "@preact/signals";
import type { Client } from "../client.ts";
import { tell } from "../notice.ts";
import { FOREVER, moderatesAll } from "../standing.ts";
import type { Person } from "../wire.ts";
import { Select } from "./choice.tsx";
import { Actions, Field, Frame, submits, useTrial, Wrong } from "./frame.tsx";

interface Props {
  client: Client;
  close: () => void;
}

const MINUTE = 60_000;
const SPANS = [
  ["10", "10 minutes"],
  ["60", "1 hour"],
  ["1440", "1 day"],
  ["10080", "1 week"],
  ["forever", "Without an end"],
  ["0", "Not at all: let them speak again"],
] as const;

function until(span: string): number {
  if (span === "forever") return FOREVER;
  return span === "0" ? 0 : Date.now() + Number(span) * MINUTE;
}

/** Keeps somebody from speaking for a time. */
export function Mute({ client, person, close }: Props & { person: Person }) {
  const trial = useTrial();
  const span = useSignal("60");
  const where = useSignal("room");
  const why = useSignal("");
  const mute = () =>
    void trial.run(async () => {
      await client.acts.mute(where.peek() === "room" ? client.room.peek().id : null, person.id, until(span.peek()), why.peek().trim());
      close();
      tell(span.peek() === "0" ? `${person.name} can speak again.` : `${person.name} is muted.`);
    });
  return (
    <Frame title={`Mute ${person.name}`} close={close}>
      <form class="form" onSubmit={submits(mute)}>
        <Select label="For how long" name="muted_until" of={span} options={SPANS} />
        {moderatesAll(client.me.value) && (
          <Select
            label="Where"
            name="where"
            of={where}
            options={[
              ["room", `In ${client.title()}`],
              ["everywhere", "On the whole server"],
            ]}
          />
        )}
        <Field trial={trial} name="why" label="Why" value={why.value} input={(v) => (why.value = v)} help="It is kept in the log. They can still read." />
        <Wrong trial={trial} but={["why"]} />
        <Actions trial={trial} yes={span.value === "0" ? "Let them speak" : "Mute"} close={close} danger={span.value !== "0"} />
      </form>
    </Frame>
  );
}

/** Ends somebody's membership, and with a ban their way back. */
export function Remove({ client, person, close }: Props & { person: Person }) {
  const trial = useTrial();
  const ban = useSignal(false);
  const why = useSignal("");
  const remove = () =>
    void trial.run(async () => {
      await client.acts.remove(client.room.peek().id, person.id, { ban: ban.peek(), why: why.peek().trim() });
      close();
      tell(ban.peek() ? `${person.name} is banned from this room.` : `${person.name} is no longer in this room.`);
    });
  return (
    <Frame title={`Remove ${person.name} from ${client.title()}?`} close={close}>
      <form class="form" onSubmit={submits(remove)}>
        <Field trial={trial} name="why" label="Why" value={why.value} input={(v) => (why.value = v)} help="It is kept in the log." first />
        <label class="option">
          <input type="checkbox" name="ban" checked={ban.value} onChange={(e) => (ban.value = e.currentTarget.checked)} />
          <span>
            Ban too
            <span class="help">They cannot come back, nor read.</span>
          </span>
        </label>
        <Wrong trial={trial} but={["why"]} />
        <Actions trial={trial} yes={ban.value ? "Remove and ban" : "Remove"} close={close} danger />
      </form>
    </Frame>
  );
}

/** Tells the moderators of a message. */
export function Report({ client, number, close }: Props & { number: number }) {
  const trial = useTrial();
  const why = useSignal("");
  const report = () =>
    void trial.run(async () => {
      await client.acts.report(client.room.peek().id, number, why.peek().trim());
      close();
      tell("Thank you. The moderators look at it, and tell you what they decide.");
    });
  return (
    <Frame title="Report this message" close={close}>
      <form class="form" onSubmit={submits(report)}>
        <Field trial={trial} name="why" label="What is wrong with it" value={why.value} input={(v) => (why.value = v)} lines={3} first required />
        <Wrong trial={trial} but={["why"]} />
        <Actions trial={trial} yes="Report" close={close} />
      </form>
    </Frame>
  );
}
