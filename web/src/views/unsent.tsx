import type { Client } from "../client.ts";
import type { Entry } from "../outbox.ts";
import { restore } from "../writing.ts";
import { Icon } from "./icon.tsx";

interface Props {
  entry: Entry;
  client: Client;
}

/** What can be done about a message that has not been sent. */
export function Unsent({ entry, client }: Props) {
  const { trouble } = entry;
  if (!trouble) return null;
  const ended = client.trouble.value === "ended";
  if (trouble.code === "declined") return <Declined entry={entry} client={client} />;
  const plain = ended || trouble.code === "network" || trouble.message === "";
  return (
    <p class="unsent">
      <span class="reason">
        <Icon name="alert" /> {plain ? "Not sent." : `Not sent: ${trouble.message}`}
      </span>
      {trouble.retry && !ended ? (
        <button class="text-button" type="button" data-testid="retry" onClick={() => client.retry(entry.key)}>
          Retry
        </button>
      ) : (
        <TakeBack entry={entry} client={client} />
      )}
    </p>
  );
}

/** What a moderator did not let through. */
function Declined({ entry, client }: Props) {
  return (
    <p class="unsent">
      <span class="reason">
        <Icon name="alert" /> {entry.trouble?.message}
      </span>
      <TakeBack entry={entry} client={client} />
    </p>
  );
}

/** What waits for a moderator. */
export function Held({ entry, client }: Props) {
  return (
    <p class="unsent waits">
      <span class="reason">
        <Icon name="clock" /> Waits for approval. Only you and the moderators see it.
      </span>
      <button class="text-button" type="button" data-testid="discard" onClick={() => client.discard(entry.key)}>
        Hide
      </button>
    </p>
  );
}

/** A text that is not to be sent as it is goes back into the message box, or away. */
function TakeBack({ entry, client }: Props) {
  return (
    <>
      <button class="text-button" type="button" data-testid="restore" onClick={() => restore(client, entry)}>
        Restore
      </button>
      <button class="text-button" type="button" data-testid="discard" onClick={() => client.discard(entry.key)}>
        Discard
      </button>
    </>
  );
}

/** What could not be sent to rooms that are gone, one after the other. Its text can be taken along to this room. */
export function Stranded({ client }: { client: Client }) {
  const [entry, ...others] = client.stranded.value;
  if (!entry) return null;
  return (
    <div class="stranded" role="group" aria-label="Messages to rooms that are gone">
      <p class="unsent">
        <span class="reason">
          <Icon name="alert" /> Not sent{entry.name !== undefined && <> to <bdi>{entry.name}</bdi></>}: {entry.trouble?.message} {others.length > 0 && `And ${others.length} more.`}
        </span>
        <TakeBack entry={entry} client={client} />
      </p>
      <p class="stranded-text">{entry.text}</p>
    </div>
  );
}
