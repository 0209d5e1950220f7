import { useSignal } from "@preact/signals";
import { copy } from "../notice.ts";
import { Icon } from "./icon.tsx";

/** What a room without messages shows; path is the address to send to others, "" where that lets nobody in. */
export function Empty({ path }: { path: string }) {
  const copied = useSignal<"" | "done" | "failed">("");
  if (path === "") return <p class="empty">Nothing here yet. Say hello.</p>;
  const address = `${location.origin}${path}`;
  const run = async () => (copied.value = (await copy(address)) ? "done" : "failed");
  return (
    <div class="empty">
      <p>Nothing here yet. Say hello, or send this link to someone.</p>
      <button class="button quiet" type="button" onClick={() => void run()}>
        <Icon name={copied.value === "done" ? "check" : "link"} />
        {copied.value === "done" ? "Copied" : "Copy link"}
      </button>
      {copied.value === "failed" && <p class="count">{address}</p>}
    </div>
  );
}
