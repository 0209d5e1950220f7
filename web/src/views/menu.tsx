import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Client } from "../client.ts";
import type { Item } from "../items.ts";
import type { Dialog } from "../dialog.ts";
import { copied, tell } from "../notice.ts";
import { moderates } from "../standing.ts";
import type { Message } from "../wire.ts";
import { Icon } from "./icon.tsx";

interface Props {
  client: Client;
  item: Item;
  close: () => void;
  link: (item: Item) => void;
}

/** CSS pixels between the menu and the sides of the screen. */
const MARGIN = 8;

type Whole = RefObject<HTMLDivElement | null>;

/** What can be done with a message. It opens with the focus inside, and gives it back to its button. */
export function Menu({ client, item, close, link }: Props) {
  const whole = useRef<HTMLDivElement>(null);
  const asking = useSignal(false); // whether to delete really
  const up = useSignal(false); // there is more room above
  useOpened(whole, close);
  useLayoutEffect(() => {
    fit(whole.current, up);
    whole.current?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  }, [asking.value, up]);

  const { message } = item;
  if (!message) return null;
  const place = { class: up.value ? "menu up" : "menu", ref: whole, onKeyDown: (e: KeyboardEvent) => keyed(e, whole, close) };
  if (asking.value) {
    return (
      <div {...place} role="group" aria-label="Delete this message?">
        <Ask client={client} message={message} close={close} />
      </div>
    );
  }
  const act = (run: () => void) => () => {
    run();
    close();
  };
  const here = client.place.value;
  const name = client.people.name(message.by);
  const ask = (dialog: Dialog) => () => {
    close();
    setTimeout(() => (client.dialog.value = dialog)); // the focus is back at the button by then, and comes back there
  };
  return (
    <div {...place} role="menu">
      {item.mine && (
        <button class="menu-item" type="button" role="menuitem" onClick={act(() => client.editor.edit(message))}>
          <Icon name="edit" /> Edit
        </button>
      )}
      <button class="menu-item" type="button" role="menuitem" onClick={act(() => void copied(item.text, "The text is copied."))}>
        <Icon name="copy" /> Copy text
      </button>
      <button class="menu-item" type="button" role="menuitem" onClick={act(() => link(item))}>
        <Icon name="link" /> Copy link
      </button>
      {here.member && here.own && !item.mine && (
        <button class="menu-item" type="button" role="menuitem" onClick={act(() => unreadFrom(client, message))}>
          <Icon name="chat" /> Mark unread from here
        </button>
      )}
      {!item.mine && (
        <button class="menu-item" type="button" role="menuitem" onClick={ask({ is: "report", number: message.number })}>
          <Icon name="flag" /> Report…
        </button>
      )}
      {moderates(here) && !item.mine && (
        <>
          <button class="menu-item" type="button" role="menuitem" onClick={ask({ is: "mute", person: { id: message.by, name } })}>
            <Icon name="mute" /> <Whom act="Mute" name={name} />
          </button>
          <button class="menu-item" type="button" role="menuitem" onClick={ask({ is: "remove", person: { id: message.by, name } })}>
            <Icon name="leave" /> <Whom act="Remove" name={name} />
          </button>
        </>
      )}
      {client.mayDelete(message) && !here.info.archived && (
        <button class="menu-item danger" type="button" role="menuitem" onClick={() => (asking.value = true)}>
          <Icon name="trash" /> Delete
        </button>
      )}
    </div>
  );
}

function Whom({ act, name }: { act: string; name: string }) {
  return (
    <span class="whom">
      {act} <bdi>{name}</bdi>…
    </span>
  );
}

function unreadFrom(client: Client, message: Message): void {
  client.attention.unreadFrom(client.room.peek(), message.number).then(
    () => tell("Unread from there on, until you come back."),
    () => tell("Not marked: there is no connection. Try again."),
  );
}

/** Whether to delete a message really. */
function Ask({ client, message, close }: { client: Client; message: Message; close: () => void }) {
  const remove = () => {
    void client.editor.delete(message.number);
    close();
  };
  return (
    <>
      <p class="menu-words">Delete this message?</p>
      <div class="menu-line">
        <button class="button danger small" type="button" onClick={remove}>
          Delete
        </button>
        <button class="button quiet small" type="button" onClick={close}>
          Keep
        </button>
      </div>
    </>
  );
}

/** The button that the menu belongs to. */
function button(whole: Whole): HTMLElement | null | undefined {
  return whole.current?.parentElement?.querySelector<HTMLElement>(".more");
}

/** Puts the menu where there is room: above its button instead of below, and inside of the sides. */
function fit(menu: HTMLElement | null, up: Signal<boolean>): void {
  const screen = menu?.closest(".scroll")?.getBoundingClientRect();
  if (!menu || !screen) return;
  menu.style.removeProperty("transform");
  const place = menu.getBoundingClientRect();
  const beyond = Math.max(0, place.right + MARGIN - screen.right) - Math.max(0, screen.left + MARGIN - place.left);
  if (beyond !== 0) menu.style.setProperty("transform", `translateX(${-beyond}px)`);
  if (!up.peek()) up.value = place.bottom > screen.bottom && place.top - screen.top > place.height;
}

/** Closes the menu when the person points elsewhere. */
function useOpened(whole: Whole, close: () => void): void {
  useLayoutEffect(() => {
    const menu = whole.current;
    const more = button(whole);
    const away = (e: Event) => {
      if (e.target instanceof Node && !menu?.parentElement?.contains(e.target)) close();
    };
    document.addEventListener("pointerdown", away);
    return () => {
      document.removeEventListener("pointerdown", away);
      const { activeElement } = document;
      if (activeElement === document.body || menu?.contains(activeElement)) more?.focus({ preventScroll: true });
    };
  }, [whole, close]);
}

/** Arrow keys go round the menu, Escape leaves it. */
function keyed(e: KeyboardEvent, whole: Whole, close: () => void): void {
  const buttons = [...(whole.current?.querySelectorAll<HTMLElement>("button") ?? [])];
  const at = buttons.indexOf(e.target as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[e.key];
  if (to !== undefined) buttons.at(to % buttons.length)?.focus({ preventScroll: true });
  else if (e.key === "Escape") {
    button(whole)?.focus({ preventScroll: true });
    close();
  } else if (e.key === "Tab") close();
  else return;
  e.stopPropagation();
  if (e.key !== "Tab") e.preventDefault();
}
