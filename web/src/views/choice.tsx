import type { Signal } from "@preact/signals";

interface Props<T extends string> {
  legend: string;
  name: string;
  of: Signal<T>;
  options: readonly { value: T; words: string; help?: string; disabled?: boolean }[];
}

/** One of a few. */
export function Choice<T extends string>({ legend, name, of, options }: Props<T>) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {options.map(({ value, words, help, disabled }) => (
        <label key={value} class="option">
          <input type="radio" name={name} value={value} checked={of.value === value} disabled={disabled ?? false} onChange={() => (of.value = value)} />
          <span>
            {words}
            {help && <span class="help">{help}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface SelectProps {
  label: string;
  name: string;
  of: Signal<string>;
  options: readonly (readonly [value: string, words: string])[];
}

/** One of several, folded away. */
export function Select({ label, name, of, options }: SelectProps) {
  const id = `dialog-${name}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} onChange={(e) => (of.value = e.currentTarget.value)}>
        {options.map(([value, words]) => (
          <option key={value} value={value} selected={of.value === value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
