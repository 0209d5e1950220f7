import { useSignal } from "@preact/signals";
import type { Client } from "../client.ts";
import { mayCreate } from "../standing.ts";
import type { Person } from "../wire.ts";
import { Choice } from "./choice.tsx";
import { Actions, Field, Frame, submits, useTrial, Wrong } from "./frame.tsx";
import { Picker } from "./picker.tsx";

interface Props {
  client: Client;
  close: () => void;
}

/** How many others a direct room can have. */
const OTHERS = 7;

export function NewRoom({ client, close }: Props) {
  const trial = useTrial();
  const may = mayCreate(client.me.value, client.rooms.settings.value);
  const kind = useSignal<"public" | "private">(may.public || !may.private ? "public" : "private");
  const name = useSignal("");
  const topic = useSignal("");
  const make = () =>
    void trial.run(async () => {
      const room = await client.acts.create({ kind: kind.peek(), name: name.peek().trim(), ...(topic.peek().trim() && { topic: topic.peek().trim() }) });
      close();
      await client.go(room, { push: true });
    });
  return (
    <Frame title="New room" close={close}>
      <form class="form" onSubmit={submits(make)}>
        <Field trial={trial} name="name" label="Name" value={name.value} input={(v) => (name.value = v)} first required />
        <Field trial={trial} name="topic" label="Topic" value={topic.value} input={(v) => (topic.value = v)} help="One line above the messages. May stay empty." />
        <Choice
          legend="Who can see it"
          name="kind"
          of={kind}
          options={[
            { value: "public", words: "Everybody", help: may.public ? "It is in the list of rooms." : "On this server not everybody makes public rooms.", disabled: !may.public },
            {
              value: "private",
              words: "Only who is invited",
              help: may.private ? "For everybody else it does not exist." : "For members: keep your name first.",
              disabled: !may.private,
            },
          ]}
        />
        <Wrong trial={trial} but={["name", "topic"]} />
        <Actions trial={trial} yes="Make the room" close={close} disabled={!may.public && !may.private} />
      </form>
    </Frame>
  );
}

export function WriteTo({ client, close }: Props) {
  const trial = useTrial();
  const chosen = useSignal<readonly Person[]>([]);
  const open = () =>
    void trial.run(async () => {
      if (chosen.peek().length === 0) return;
      const room = await client.acts.create({ kind: "direct", users: chosen.peek().map(({ id }) => id) });
      close();
      await client.go(room, { push: true });
    });
  return (
    <Frame title="Write to somebody" close={close}>
      <form class="form" onSubmit={submits(open)}>
        <Picker client={client} label="To" chosen={chosen} most={OTHERS} />
        <p class="help">Up to seven people. The same people always have the same room.</p>
        <Wrong trial={trial} />
        <Actions trial={trial} yes="Write" close={close} disabled={chosen.value.length === 0} />
      </form>
    </Frame>
  );
}

/** Brings people into the room. */
export function AddPeople({ client, close }: Props) {
  const trial = useTrial();
  const chosen = useSignal<readonly Person[]>([]);
  const add = () =>
    void trial.run(async () => {
      if (chosen.peek().length === 0) return;
      await client.acts.add(client.room.peek().id, chosen.peek().map(({ id }) => id));
      close();
    });
  return (
    <Frame title={`Add people to ${client.title()}`} close={close}>
      <form class="form" onSubmit={submits(add)}>
        <Picker client={client} label="Who" chosen={chosen} most={20} />
        <Wrong trial={trial} />
        <Actions trial={trial} yes="Add" close={close} disabled={chosen.value.length === 0} />
      </form>
    </Frame>
  );
}
