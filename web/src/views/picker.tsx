import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Client } from "../client.ts";
import type { Person } from "../wire.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";

/** Milliseconds between the last letter and the question who is called so. */
const REST = 150;

interface Props {
  client: Client;
  label: string;
  chosen: Signal<readonly Person[]>;
  /** How many may be chosen. */
  most: number;
  /** Who is not to be found. */
  without?: ReadonlySet<string>;
}

/** Who is called so; null when that could not be asked. */
async function look(client: Client, q: string): Promise<readonly Person[] | null> {
  try {
    return await client.acts.find(q);
  } catch {
    return null;
  }
}

/** Finds people by the beginning of their names, and gathers those who were chosen. */
export function Picker({ client, label, chosen, most, without }: Props) {
  const text = useSignal("");
  const found = useSignal<readonly Person[] | null>(null);
  const at = useSignal(0);
  const field = useRef<HTMLInputElement>(null);
  const q = text.value.trim();
  useEffect(() => {
    found.value = null;
    if (q === "") return undefined;
    let old = false;
    const timer = setTimeout(() => {
      void look(client, q).then((people) => {
        if (!old && people) [found.value, at.value] = [people, 0];
        return people;
      });
    }, REST);
    return () => {
      old = true;
      clearTimeout(timer);
    };
  }, [q, client, found, at]);
  const taken = new Set([client.me.value.id, ...(without ?? []), ...chosen.value.map(({ id }) => id)]);
  const offers = (found.value ?? []).filter(({ id }) => !taken.has(id));
  const choose = (person: Person | undefined) => {
    if (!person || chosen.value.length >= most) return;
    chosen.value = [...chosen.value, person];
    text.value = "";
    field.current?.focus();
  };
  const drop = (id: string) => {
    chosen.value = chosen.value.filter((p) => p.id !== id);
    field.current?.focus();
  };
  const keyed = (e: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step !== undefined && offers.length > 0) at.value = (at.value + step + offers.length) % offers.length;
    else if (e.key === "Enter" && q !== "") choose(offers[at.value]);
    else if (e.key === "Backspace" && text.value === "") chosen.value = chosen.value.slice(0, -1);
    else return;
    if (e.key !== "Backspace") e.preventDefault();
  };
  const full = chosen.value.length >= most;
  return (
    <div class="field picker">
      <label for="dialog-q">{label}</label>
      {chosen.value.length > 0 && (
        <ul class="chips" aria-label="Chosen">
          {chosen.value.map((p) => (
            <li key={p.id} class="chip">
              <bdi>{p.name}</bdi>
              <button type="button" onClick={() => drop(p.id)}>
                <Icon name="close" />
                <span class="sr">Take {p.name} away</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={field}
        id="dialog-q"
        data-first
        role="combobox"
        aria-expanded={offers.length > 0}
        aria-controls="dialog-offers"
        aria-autocomplete="list"
        aria-activedescendant={offers[at.value] ? `offer-${offers[at.value]?.id}` : undefined}
        autocomplete="off"
        placeholder={full ? "That is all" : "The beginning of a name"}
        value={text.value}
        disabled={full}
        onInput={(e) => (text.value = e.currentTarget.value)}
        onKeyDown={keyed}
      />
      <ul class="offers" id="dialog-offers" role="listbox" aria-label="People">
        {offers.map((p, i) => (
          <li key={p.id} id={`offer-${p.id}`} role="option" aria-selected={i === at.value} class="offer" onClick={() => choose(p)}>
            <Avatar id={p.id} name={p.name} />
            <span class="here-name">{p.name}</span>
          </li>
        ))}
      </ul>
      {found.value !== null && offers.length === 0 && <p class="help">Nobody of that name, or they are here already.</p>}
    </div>
  );
}
