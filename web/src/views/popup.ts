import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Closes what is open when the person goes elsewhere, by pointer or focus, or presses Escape, which gives the focus back to its button. */
export function useAway(whole: RefObject<HTMLElement | null>, open: Signal<boolean>): void {
  useEffect(() => {
    if (!open.value) return undefined;
    const away = (e: Event) => {
      if (e.target instanceof Node && !whole.current?.contains(e.target)) open.value = false;
    };
    const key = (e: KeyboardEvent) => {
      if (e.key !== "Escape") return;
      open.value = false;
      e.stopPropagation();
      whole.current?.querySelector<HTMLElement>("[aria-expanded]")?.focus({ preventScroll: true });
    };
    const element = whole.current;
    document.addEventListener("pointerdown", away);
    document.addEventListener("focusin", away);
    element?.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("focusin", away);
      element?.removeEventListener("keydown", key);
    };
  }, [open.value, open, whole]);
}

/** Closes what is open for something that it began: the focus is back at its button, and comes back there when that ends. */
export function leave(whole: RefObject<HTMLElement | null>, open: Signal<boolean>): void {
  whole.current?.querySelector<HTMLElement>("[aria-expanded]")?.focus({ preventScroll: true });
  open.value = false;
}
