import type { Client } from "../client.ts";
import type { Calendar } from "../days.ts";
import { onlyEmoji } from "../emoji.ts";
import { hue } from "../face.ts";
import type { Item } from "../items.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import { Menu } from "./menu.tsx";
import { Text } from "./text.tsx";
import { Held, Unsent } from "./unsent.tsx";

interface Props {
  item: Item;
  first: boolean;
  last: boolean;
  client: Client;
  calendar: Calendar;
  /** It was just gone to. */
  lit: boolean;
  /** The keyboard reaches its menu button. */
  current: boolean;
  /** Its menu is open. */
  menu: boolean;
  open: (id: string | null) => void;
  link: (item: Item) => void;
}

export function MessageView(props: Props) {
  const { item, client, calendar, open } = props;
  const { message, entry } = item;
  const name = item.mine ? "You" : client.people.name(item.by);
  const state = entry === undefined || entry.sent ? "" : entry.trouble ? "failed" : entry.held ? "held" : "pending";
  const editing = message !== undefined && client.editor.editing.value?.number === message.number;
  const tap = (e: MouseEvent) => {
    const onLink = e.target instanceof Element && e.target.closest("a, button") !== null;
    if (!onLink && matchMedia("(hover: none)").matches && getSelection()?.isCollapsed !== false) open(props.menu ? null : item.id);
  };
  const classes = [
    "message",
    item.mine && "mine",
    props.first && "first",
    props.last && "last",
    props.lit && "target",
    editing && "editing",
    props.menu && "selected",
    onlyEmoji(item.text) && "emoji",
    state,
  ];
  return (
    <article
      class={classes.filter(Boolean).join(" ")}
      id={message ? `m${message.number}` : `k${item.id}`}
      data-testid="message"
      data-number={message?.number ?? entry?.number}
      data-state={state === "" ? undefined : state}
    >
      {!item.mine && props.first && <Avatar id={item.by} name={name} />}
      <header class="by">
        {item.mine || !props.first ? <span class="name sr">{name}</span> : <Name id={item.by} name={name} client={client} />}{" "}
        {item.at !== undefined && (
          <time class="time" dateTime={new Date(item.at).toISOString()} title={calendar.moment(item.at)}>
            {calendar.time(item.at)}
          </time>
        )}
      </header>
      <div class="bubble" onClick={tap}>
        <Text text={item.text} />
        {message?.edited !== undefined && <span class="edited">edited</span>}
        {state === "pending" && (
          <span class="clock">
            <Icon name="clock" />
            <span class="sr">Sending</span>
          </span>
        )}
        {message && <Tools {...props} name={name} />}
      </div>
      {entry?.held && !entry.trouble && <Held entry={entry} client={client} />}
      {entry?.trouble && <Unsent entry={entry} client={client} />}
    </article>
  );
}

/** Whose message it is; pressed, it says more about them. */
function Name({ id, name, client }: { id: string; name: string; client: Client }) {
  return (
    <button class={`name ${hue(id)}`} type="button" onClick={() => (client.dialog.value = { is: "person", person: { id, name } })}>
      {name}
    </button>
  );
}

function Tools(props: Props & { name: string }) {
  const { item, open } = props;
  return (
    <div class="tools" aria-live="off">
      <button
        class="more"
        type="button"
        tabIndex={props.current ? 0 : -1}
        data-id={item.id}
        aria-haspopup="menu"
        aria-expanded={props.menu}
        aria-label={item.mine ? "More about your message" : `More about ${props.name}'s message`}
        onClick={() => open(props.menu ? null : item.id)}
      >
        <Icon name="more" />
      </button>
      {props.menu && item.message && <Menu client={props.client} item={item} close={() => open(null)} link={props.link} />}
    </div>
  );
}
