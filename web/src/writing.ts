// Writing in the message box. The text lives in the textarea and nowhere else, so nothing that arrives disturbs it.

import { signal } from "@preact/signals";
import type { Client } from "./client.ts";
import type { Editing } from "./editor.ts";
import type { Source } from "./keep.ts";
import { hush, tell } from "./notice.ts";
import type { OpenRoom } from "./open_room.ts";
import type { Entry } from "./outbox.ts";

/** A text that is to come back into the message box. */
const restored = signal<string | null>(null);

/** Takes an unsent message back into the message box. */
export function restore(client: Client, entry: Entry): void {
  restored.value = entry.text;
  client.discard(entry.key);
}

/** Whether a key that was pressed in the box means to send: Enter does, where there is no keyboard on the screen. */
export function sends(e: KeyboardEvent): boolean {
  return e.key === "Enter" && !e.shiftKey && !e.altKey && !composing(e) && !matchMedia("(pointer: coarse)").matches;
}

/** An input method is at work; Safari tells only by the key code. */
function composing(e: KeyboardEvent): boolean {
  return e.isComposing || e.keyCode === 229;
}

/** A text as it is sent: without empty lines before it and white space after it. */
export function trimmed(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+|\s+$/gu, "");
}

/** One room's message box. */
export class Writing {
  /** There is something to send. */
  readonly filled = signal(false);
  /** The textarea; null before it is there and after it is gone. */
  box: HTMLTextAreaElement | null = null;
  private readonly client: Client;
  private readonly room: OpenRoom;
  private edited: number | null = null; // the number of the message in the box

  constructor(client: Client, room: OpenRoom) {
    this.client = client;
    this.room = room;
  }

  /** The textarea is there. Gives what to call when it goes. */
  begin(): () => void {
    this.put(this.client.drafts.get(this.room.id));
    if (matchMedia("(pointer: fine)").matches) this.box?.focus({ preventScroll: true });
    const resized = () => this.grow();
    const pressed = (e: KeyboardEvent) => this.caught(e);
    addEventListener("resize", resized);
    addEventListener("keydown", pressed);
    const stop = restored.subscribe((text) => text !== null && this.takeBack(text));
    const deaf = this.client.drafts.watch((room, text, from) => room === this.room.id && this.heard(text, from));
    return () => {
      deaf();
      removeEventListener("resize", resized);
      removeEventListener("keydown", pressed);
      stop();
    };
  }

  /** What is edited has changed: the message's text takes the draft's place, or the draft comes back. */
  editing(editing: Editing | null): void {
    const number = editing?.number ?? null;
    if (number === this.edited) return;
    this.edited = number;
    this.put(editing ? editing.text : this.client.drafts.get(this.room.id));
    this.box?.focus();
  }

  /** The person has typed. */
  typed(): void {
    if (!this.box) return;
    this.changed();
    if (this.client.editor.editing.peek()) return;
    this.client.drafts.set(this.room.id, this.box.value);
    this.client.typing(this.filled.peek());
  }

  /** Sends what is in the box, or saves it to the message that is being edited. */
  submit(): void {
    const { box, client } = this;
    if (!box) return;
    const editing = client.editor.editing.peek();
    if (client.trouble.peek() === "ended") return; // the status says so; the text stays
    const text = trimmed(box.value);
    if (text === "") {
      if (editing) tell("A message cannot be empty. Delete it instead, or press Escape to leave it.");
      return;
    }
    const size = new TextEncoder().encode(text).length;
    const most = client.limits.peek().text;
    if (size > most) {
      tell(`That is too long: ${size.toLocaleString("en")} bytes of at most ${most.toLocaleString("en")}.`);
      return;
    }
    hush();
    if (editing) {
      void client.editor.save(text);
      return;
    }
    client.drafts.set(this.room.id, "");
    this.put("");
    client.send(text);
  }

  /** A key was pressed in the box. */
  keyed(e: KeyboardEvent): void {
    if (composing(e)) return;
    const { client } = this;
    if (sends(e)) {
      e.preventDefault();
      this.submit();
    } else if (e.key === "Escape" && client.editor.editing.peek()) {
      e.preventDefault();
      client.editor.editing.value = null;
    } else if (e.key === "ArrowUp" && !client.editor.editing.peek() && this.box?.value === "" && client.editor.edit()) e.preventDefault();
  }

  /** Who types a letter where nothing takes it means the message box. */
  private caught(e: KeyboardEvent): void {
    const letter = e.key.length === 1 && e.key !== " " && !e.ctrlKey && !e.metaKey && !e.altKey;
    if (!letter || e.defaultPrevented || !(e.target instanceof Element) || e.target.closest(".menu")) return;
    if (e.target === document.body || e.target.closest(".scroll")) this.box?.focus();
  }

  private takeBack(text: string): void {
    if (!this.box) return;
    restored.value = null;
    this.client.editor.editing.value = null; // the draft comes back into the box
    this.editing(null);
    this.put([this.box.value, text].filter(Boolean).join("\n"));
    this.client.drafts.set(this.room.id, this.box.value);
    this.box.focus();
  }

  /** The draft was written in another tab, or was read late: then it begins with what this box does not have yet. */
  private heard(text: string, from: Source): void {
    const { box, client } = this;
    if (!box || client.editor.editing.peek()) return;
    const focused = box === document.activeElement && document.hasFocus();
    if (from === "device" || !focused) this.put(text);
  }

  private put(text: string): void {
    if (!this.box) return;
    this.box.value = text;
    this.box.setSelectionRange(text.length, text.length);
    this.changed();
  }

  private changed(): void {
    this.filled.value = this.box !== null && this.box.value.trim() !== "";
    this.grow();
  }

  /** Makes the box as high as its text, up to what the style allows. */
  private grow(): void {
    const { box } = this;
    if (!box) return;
    box.style.removeProperty("height");
    if (box.value === "") return; // a placeholder takes one line
    box.style.setProperty("height", `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`);
  }
}
