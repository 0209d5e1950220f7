// What the person does in the box of the server's page while the client is getting ready to take it over.

import { sends } from "./writing.ts";

export interface Early {
  /** The texts that were sent, in order. */
  sent: readonly string[];
  /** What the box holds. */
  text: string;
  /** The person is writing in it. */
  focused: boolean;
}

/** Watches over the box: what is sent is caught, instead of being posted by the form. Gives what ends that. */
export function watchEarly(root: ParentNode): () => Early {
  const box = root.querySelector("textarea");
  const form = box?.form;
  const sent: string[] = [];
  const submitted = (e: Event) => {
    e.preventDefault();
    if (!box || box.value.trim() === "") return;
    sent.push(box.value);
    box.value = "";
  };
  const keyed = (e: KeyboardEvent) => sends(e) && submitted(e);
  box?.addEventListener("keydown", keyed);
  form?.addEventListener("submit", submitted);
  return () => {
    box?.removeEventListener("keydown", keyed);
    form?.removeEventListener("submit", submitted);
    return { sent, text: box?.value ?? "", focused: box !== null && box === document.activeElement };
  };
}
