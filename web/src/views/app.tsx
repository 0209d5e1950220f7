import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Client } from "../client.ts";
import { Box } from "./box.tsx";
import { Dialogs } from "./dialogs.tsx";
import { Gone } from "./gone.tsx";
import { Head } from "./head.tsx";
import { Log } from "./log.tsx";
import { Side } from "./side.tsx";
import { Status, Typing } from "./status.tsx";
import { Stranded } from "./unsent.tsx";

/** Where the rooms have a column of their own instead of sliding in; style/side.css has the same width. */
const WIDE = "(min-width: 900px)";

/** The whole page. */
export function App({ client }: { client: Client }) {
  const sideOpen = useSignal(false);
  const whole = useRef<HTMLDivElement>(null);
  const room = client.room.value;
  const removed = room.gone.value === "removed";
  const close = () => (sideOpen.value = false);
  useEffect(() => void close(), [room.id]);
  useEffect(() => (sideOpen.value ? opened(whole.current, close) : undefined), [sideOpen.value]);
  return (
    <div class={sideOpen.value ? "app side-open" : "app"} ref={whole}>
      <Side client={client} close={close} />
      {sideOpen.value && <button class="shade" type="button" tabIndex={-1} aria-label="Close the list of rooms" onClick={close} />}
      <main class="main" inert={sideOpen.value}>
        <Head client={client} room={room} sideOpen={sideOpen.value} openRooms={() => (sideOpen.value = true)} />
        {removed ? <Gone key={`gone ${room.id}`} client={client} room={room} /> : <Log key={room.id} client={client} room={room} />}
        <div class="foot-line">
          <Typing client={client} room={room} />
          <Status client={client} room={room} />
        </div>
        <Stranded client={client} />
        {!removed && <Box key={room.id} client={client} room={room} />}
      </main>
      <Dialogs client={client} />
    </div>
  );
}

/** The rooms have slid in: the focus goes there, and back when they go. Escape and a wide window close them. */
function opened(whole: HTMLElement | null, close: () => void): () => void {
  const wide = matchMedia(WIDE);
  const key = (e: KeyboardEvent) => e.key === "Escape" && !(e.target instanceof Element && e.target.closest("dialog")) && close();
  whole?.querySelector<HTMLElement>(".side-close")?.focus({ preventScroll: true });
  addEventListener("keydown", key);
  wide.addEventListener("change", close);
  return () => {
    removeEventListener("keydown", key);
    wide.removeEventListener("change", close);
    const { activeElement } = document;
    if (activeElement === document.body || activeElement?.closest(".side")) whole?.querySelector<HTMLElement>(".to-rooms")?.focus({ preventScroll: true });
  };
}
