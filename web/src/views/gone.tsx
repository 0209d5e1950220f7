import { useSignal } from "@preact/signals";
import type { Client } from "../client.ts";
import { copied } from "../notice.ts";
import type { OpenRoom } from "../open_room.ts";

/** What is left of a room that I may not read any more: nothing of it, but what I had begun to write there. */
export function Gone({ client, room }: { client: Client; room: OpenRoom }) {
  const draft = useSignal(client.drafts.get(room.id));
  const discard = () => {
    client.drafts.set(room.id, "");
    draft.value = "";
  };
  return (
    <div class="scroll">
      <div class="log">
        <div class="empty" role="status" data-testid="gone">
          <p class="gone-words">You are no longer in this room.</p>
          {room.why.value !== "" && <p>{room.why.value}</p>}
          <p>What was said there is not shown to you any more.</p>
          <button class="button quiet" type="button" onClick={() => void client.goAway()}>
            Go to another room
          </button>
          {draft.value !== "" && (
            <div class="gone-draft">
              <p>You had begun to write:</p>
              <blockquote>{draft.value}</blockquote>
              <button class="text-button" type="button" onClick={() => void copied(draft.peek(), "The text is copied.")}>
                Copy text
              </button>
              <button class="text-button" type="button" onClick={discard}>
                Discard
              </button>
            </div>
          )}
        </div>
      </div>
    </div>
  );
}
