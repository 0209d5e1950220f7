import { signal } from "@preact/signals";

/** A short word to the person about something that went wrong, shown by the message box for a few seconds. */
export const notice = signal("");

/** The browser keeps nothing of what is written here: it is in the memory of this page alone. */
export const keepsNothing = signal(false);

let timer: ReturnType<typeof setTimeout> | undefined;

export function tell(words: string): void {
  clearTimeout(timer);
  notice.value = words;
  timer = setTimeout(() => (notice.value = ""), 8_000);
}

/** Takes back what was told: it has been answered. */
export function hush(): void {
  clearTimeout(timer);
  notice.value = "";
}

/** Puts a text on the clipboard. Gives whether it is there. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Puts a text on the clipboard and tells the person. */
export async function copied(text: string, words: string): Promise<void> {
  tell((await copy(text)) ? words : "This browser does not let pages copy.");
}

/** The way that also works on an address without HTTPS. */
function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/** The browser keeps nothing. It is told this once. */
export function tellKeepsNothing(): void {
  keepsNothing.value = true;
  tell("This browser keeps nothing here: what is not sent when this page closes is lost.");
}
