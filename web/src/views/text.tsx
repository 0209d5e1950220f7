import { linkify } from "../links.ts";

/** A message's text, as text: line breaks kept by the style, addresses made links. */
export function Text({ text }: { text: string }) {
  return (
    <div class="text">
      {linkify(text).map((part) =>
        part.href === undefined ? (
          part.text
        ) : (
          <a href={part.href} rel="noopener noreferrer nofollow" target="_blank">
            {part.text}
          </a>
        ),
      )}
    </div>
  );
}
