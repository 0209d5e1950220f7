import { useSignal } from "@preact/signals";
import type { Client } from "../client.ts";
import { tell } from "../notice.ts";
import { moderates } from "../standing.ts";
import type { Notify, RoomChanges } from "../wire.ts";
import { Choice, Select } from "./choice.tsx";
import { Actions, Field, Frame, submits, useTrial, Wrong } from "./frame.tsx";

interface Props {
  client: Client;
  close: () => void;
}

const PACES = [
  ["0", "As fast as they like"],
  ["5", "One message every 5 seconds"],
  ["10", "One message every 10 seconds"],
  ["30", "One message every 30 seconds"],
  ["60", "One message a minute"],
  ["300", "One message every 5 minutes"],
  ["3600", "One message an hour"],
] as const;

/** What the room is; its moderators change that here. */
export function About(props: Props) {
  return moderates(props.client.place.value) ? <Settings {...props} /> : <Facts {...props} />;
}

function Facts({ client, close }: Props) {
  const { info } = client.room.value.view.value;
  return (
    <Frame title={client.title()} close={close}>
      {info.topic && <p>{info.topic}</p>}
      {info.description && <p class="bio">{info.description}</p>}
      <p class="help">
        {info.kind === "public" ? "Everybody can see this room." : "Only who is invited sees this room."} {info.members === 1 ? "1 member." : `${info.members} members.`}
        {(info.slow ?? 0) > 0 && ` One message every ${info.slow} seconds.`}
      </p>
      <div class="actions">
        <button class="button quiet" type="button" data-first onClick={close}>
          Close
        </button>
      </div>
    </Frame>
  );
}

function Settings({ client, close }: Props) {
  const trial = useTrial();
  const { id, view } = client.room.value;
  const { info } = view.value;
  const name = useSignal(info.name);
  const topic = useSignal(info.topic);
  const description = useSignal(info.description ?? "");
  const slow = useSignal(`${info.slow ?? 0}`);
  const preview = useSignal(!info.noPreview);
  const save = () =>
    void trial.run(async () => {
      const now = view.peek().info;
      const changes: RoomChanges = {};
      if (name.peek().trim() !== now.name) changes.name = name.peek().trim();
      if (topic.peek().trim() !== now.topic) changes.topic = topic.peek().trim();
      if (description.peek().trim() !== (now.description ?? "")) changes.description = description.peek().trim();
      if (Number(slow.peek()) !== (now.slow ?? 0)) changes.slow = Number(slow.peek());
      if (preview.peek() === (now.noPreview ?? false)) changes.no_preview = !preview.peek();
      if (Object.keys(changes).length > 0) await client.acts.change(id, changes);
      close();
    });
  const archive = () =>
    void trial.run(async () => {
      await client.acts.change(id, { archived: !info.archived });
      close();
    });
  const paces = PACES.some(([value]) => value === slow.value) ? PACES : [...PACES, [slow.value, `One message every ${slow.value} seconds`] as const];
  return (
    <Frame title="Room settings" close={close}>
      <form class="form" onSubmit={submits(save)}>
        {info.archived ? (
          <p class="help">This room is archived. Bring it back to change it.</p>
        ) : (
          <>
            <Field trial={trial} name="name" label="Name" value={name.value} input={(v) => (name.value = v)} help="Links with the old name keep working." first required />
            <Field trial={trial} name="topic" label="Topic" value={topic.value} input={(v) => (topic.value = v)} />
            <Field trial={trial} name="description" label="Description" value={description.value} input={(v) => (description.value = v)} lines={3} />
            <Select label="How fast people write" name="slow" of={slow} options={paces} />
            {info.kind === "public" && (
              <label class="option">
                <input type="checkbox" checked={preview.value} onChange={(e) => (preview.value = e.currentTarget.checked)} />
                <span>
                  Everybody can read it
                  <span class="help">Otherwise only its members do.</span>
                </span>
              </label>
            )}
          </>
        )}
        <Wrong trial={trial} but={["name", "topic", "description"]} />
        {!info.archived && <Actions trial={trial} yes="Save" close={close} />}
      </form>
      <div class="actions apart">
        <button class="button quiet" type="button" onClick={archive}>
          {info.archived ? "Bring it back" : "Archive"}
        </button>
        {!info.archived && (
          <button class="button quiet" type="button" onClick={() => (client.dialog.value = { is: "convert" })}>
            {info.kind === "public" ? "Make it private…" : "Make it public…"}
          </button>
        )}
        <button class="button quiet danger" type="button" onClick={() => (client.dialog.value = { is: "drop" })}>
          Delete…
        </button>
      </div>
    </Frame>
  );
}

/** From public to private and back: a public room needs a name that no other has. */
export function Convert({ client, close }: Props) {
  const trial = useTrial();
  const { id, view } = client.room.value;
  const open = view.value.info.kind === "private";
  const name = useSignal(view.peek().info.name);
  const convert = () =>
    void trial.run(async () => {
      await client.acts.change(id, open ? { kind: "public", name: name.peek().trim() } : { kind: "private" });
      close();
    });
  return (
    <Frame title={open ? "Make this room public?" : "Make this room private?"} close={close}>
      <form class="form" onSubmit={submits(convert)}>
        <p>
          {open
            ? "Everybody will see the room and all that was ever said in it."
            : "Only its members will see it. For everybody else it will not exist, and nobody finds it by its name."}
        </p>
        {open && <Field trial={trial} name="name" label="Name" value={name.value} input={(v) => (name.value = v)} help="No other public room may be called so." first required />}
        <Wrong trial={trial} but={open ? ["name"] : []} />
        <Actions trial={trial} yes={open ? "Make it public" : "Make it private"} close={close} />
      </form>
    </Frame>
  );
}

export function Drop({ client, close }: Props) {
  const trial = useTrial();
  const { id } = client.room.value;
  const drop = () =>
    void trial.run(async () => {
      await client.acts.drop(id);
      close();
      await client.goAway();
      tell("The room is deleted.");
    });
  return (
    <Frame title={`Delete ${client.title()}?`} close={close}>
      <form class="form" onSubmit={submits(drop)}>
        <p>The room and all that was said in it are gone for everybody. Nobody can bring it back.</p>
        <Wrong trial={trial} />
        <Actions trial={trial} yes="Delete the room" close={close} danger no="Keep it" />
      </form>
    </Frame>
  );
}

export function Leave({ client, close }: Props) {
  const trial = useTrial();
  const { id, view } = client.room.value;
  const { kind } = view.value.info;
  const leave = () =>
    void trial.run(async () => {
      await client.acts.leave(id);
      close();
      if (kind !== "public") await client.goAway();
    });
  return (
    <Frame title={`Leave ${client.title()}?`} close={close}>
      <form class="form" onSubmit={submits(leave)}>
        <p>{kind === "public" ? "You can come back whenever you like." : "You will not see this room any more, until somebody in it adds you again."}</p>
        <Wrong trial={trial} />
        <Actions trial={trial} yes="Leave" close={close} no="Stay" />
      </form>
    </Frame>
  );
}

const LEVELS: readonly { value: Notify; words: string; help: string }[] = [
  { value: "", words: "All messages", help: "The room turns bold, and shows how many are new." },
  { value: "mentions", words: "Only when I am mentioned", help: "The room turns bold for these alone." },
  { value: "nothing", words: "Nothing", help: "The room stays quiet." },
  { value: "hidden", words: "Hide the room", help: "It shows when I am mentioned, and under “All rooms”." },
];

/** What I am told of the room. */
export function Told({ client, close }: Props) {
  const trial = useTrial();
  const { id } = client.room.value;
  const level = useSignal<Notify>(client.place.peek().own?.notify ?? "");
  const save = () =>
    void trial.run(async () => {
      await client.acts.notify(id, level.peek());
      client.rooms.owned(new Map([[id, { notify: level.peek() }]]));
      close();
    });
  return (
    <Frame title="What I am told" close={close}>
      <form class="form" onSubmit={submits(save)}>
        <Choice legend={`Of ${client.title()}`} name="level" of={level} options={LEVELS} />
        <Wrong trial={trial} />
        <Actions trial={trial} yes="Save" close={close} />
      </form>
    </Frame>
  );
}
