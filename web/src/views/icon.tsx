export type IconName =
  | "menu"
  | "close"
  | "send"
  | "more"
  | "people"
  | "edit"
  | "trash"
  | "link"
  | "copy"
  | "down"
  | "clock"
  | "check"
  | "alert"
  | "retry"
  | "up"
  | "lock"
  | "plus"
  | "bell"
  | "gear"
  | "flag"
  | "leave"
  | "mute"
  | "person"
  | "chat";

/** A picture without a name: whatever holds it says what it means. */
export function Icon({ name }: { name: IconName }) {
  return <span class={`icon icon-${name}`} aria-hidden="true" />;
}
