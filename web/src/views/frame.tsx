import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, TargetedEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Refused } from "../conn.ts";
import { Icon } from "./icon.tsx";

interface FrameProps {
  title: string;
  close: () => void;
  children: ComponentChildren;
  /** It stands at the side, as high as the page. */
  panel?: boolean;
}

/** A dialog. The focus goes into it, stays in it, and goes back to where it was. */
export function Frame({ title, close, children, panel = false }: FrameProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      element?.close();
      const lost = document.activeElement === document.body || document.activeElement === null;
      const back = before instanceof HTMLElement && before.isConnected && before !== document.body ? before : document.querySelector<HTMLElement>("#text");
      if (lost && (back?.id !== "text" || matchMedia("(pointer: fine)").matches)) back?.focus({ preventScroll: true });
    };
  }, []);
  const pressed = (e: TargetedEvent<HTMLDialogElement, PointerEvent>) => {
    if (e.target !== e.currentTarget) return; // beside the dialog the shade is pressed, which belongs to it
    const { left, right, top, bottom } = e.currentTarget.getBoundingClientRect();
    if (e.clientX < left || e.clientX > right || e.clientY < top || e.clientY > bottom) close();
  };
  return (
    <dialog
      class={panel ? "dialog panel" : "dialog"}
      ref={dialog}
      aria-labelledby="dialog-title"
      data-testid="dialog"
      onClose={close}
      onPointerDown={pressed}
    >
      <header class="dialog-head">
        <h2 id="dialog-title">{title}</h2>
        <button class="icon-button" type="button" onClick={close}>
          <Icon name="close" />
          <span class="sr">Close</span>
        </button>
      </header>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

/** What became of something that was asked of the server: under way, refused, or not. */
export interface Trial {
  busy: Signal<boolean>;
  /** What went wrong, in words. */
  why: Signal<string>;
  /** The field at fault, "" if none is. */
  field: Signal<string>;
  /** Runs something that may be refused. Gives whether it was done. */
  run: (act: () => Promise<unknown>) => Promise<boolean>;
}

export function useTrial(): Trial {
  const busy = useSignal(false);
  const why = useSignal("");
  const field = useSignal("");
  const run = async (act: () => Promise<unknown>) => {
    if (busy.peek()) return false;
    busy.value = true;
    why.value = field.value = "";
    try {
      await act();
      return true;
    } catch (error) {
      why.value = error instanceof Refused ? error.message : "There is no connection just now. Try again.";
      field.value = error instanceof Refused ? (error.refusal.field ?? "") : "";
      return false;
    } finally {
      busy.value = false;
    }
  };
  return { busy, why, field, run };
}

interface FieldProps {
  trial: Trial;
  /** The field's name on the wire. */
  name: string;
  label: string;
  value: string;
  input: (value: string) => void;
  help?: string;
  lines?: number;
  first?: boolean;
  required?: boolean;
}

/** One line, or some, of text, with what is wrong with it below. */
export function Field({ trial, name, label, value, input, help, lines, first, required }: FieldProps) {
  const wrong = trial.field.value === name ? trial.why.value : "";
  const id = `dialog-${name}`;
  const described = wrong ? `${id}-error` : help ? `${id}-help` : undefined;
  const shared = {
    id,
    name,
    value,
    autocomplete: "off" as const,
    required: required ?? false,
    "data-first": first,
    "aria-invalid": wrong ? true : undefined,
    "aria-describedby": described,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {lines ? (
        <textarea {...shared} rows={lines} onInput={(e) => input(e.currentTarget.value)} />
      ) : (
        <input {...shared} onInput={(e) => input(e.currentTarget.value)} />
      )}
      {wrong && (
        <p class="error" id={`${id}-error`} role="alert">
          {wrong}
        </p>
      )}
      {!wrong && help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}

/** What went wrong that is no field's fault. */
export function Wrong({ trial, but = [] }: { trial: Trial; but?: string[] }) {
  if (trial.why.value === "" || but.includes(trial.field.value)) return null;
  return (
    <p class="alert" role="alert">
      {trial.why.value}
    </p>
  );
}

interface AskProps {
  trial: Trial;
  yes: string;
  close: () => void;
  danger?: boolean;
  /** What there is instead of "Cancel". */
  no?: string;
  disabled?: boolean;
}

/** The buttons at the end of a dialog. */
export function Actions({ trial, yes, close, danger = false, no = "Cancel", disabled = false }: AskProps) {
  return (
    <div class="actions">
      <button class={danger ? "button danger" : "button"} disabled={disabled} aria-busy={trial.busy.value}>
        {yes}
      </button>
      <button class="button quiet" type="button" onClick={close}>
        {no}
      </button>
    </div>
  );
}

/** Has a form do something instead of being sent. */
export function submits(act: () => void): (e: Event) => void {
  return (e) => {
    e.preventDefault();
    act();
  };
}
