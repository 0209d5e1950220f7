import { hue, initial } from "../face.ts";

export function Avatar({ id, name }: { id: string; name: string }) {
  return (
    <span class={`avatar ${hue(id)}`} aria-hidden="true">
      {initial(name)}
    </span>
  );
}
