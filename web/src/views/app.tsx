import { useSignal } from "@preact/signals";
import type { Client } from "../client.ts";
import { Box } from "./box.tsx";
import { Head } from "./head.tsx";
import { Log } from "./log.tsx";
import { Side } from "./side.tsx";
import { Status, Typing } from "./status.tsx";

/** The whole page. */
export function App({ client }: { client: Client }) {
  const sideOpen = useSignal(false);
  const room = client.room.value;
  const close = () => (sideOpen.value = false);
  return (
    <div class={sideOpen.value ? "app side-open" : "app"}>
      <Side client={client} close={close} />
      {sideOpen.value && <button class="shade" type="button" aria-label="Close the list of rooms" onClick={close} />}
      <main class="main">
        <Head client={client} room={room} openRooms={() => (sideOpen.value = true)} />
        <Log key={room.id} client={client} room={room} />
        <div class="foot-line">
          <Typing client={client} room={room} />
          <Status client={client} room={room} />
        </div>
        <Box key={room.id} client={client} room={room} />
      </main>
    </div>
  );
}
