// A server whose answers to posts are chosen by the test; everything else is the real one's.

import type { BrowserContext, Page } from "@playwright/test";

export interface Post {
  id: number;
  room: string;
  key: string;
  text: string;
}

/**
 * What becomes of a post: it goes to the server; it goes there, and its answer and all that comes after it on this connection is lost; it
 * is swallowed; or it is refused without having gone there.
 */
export type Fate = "pass" | "lose" | "swallow" | { code: string; message: string; retry_after?: number };

/** Decides about every post of pages that are opened from now on. Gives what was posted so far. */
export async function answering(where: Page | BrowserContext, decide: (post: Post, nth: number) => Fate): Promise<Post[]> {
  const posts: Post[] = [];
  await where.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((data) => {
      const frame = JSON.parse(String(data)) as Post & { do: string };
      if (frame.do !== "post") {
        server.send(data);
        return;
      }
      posts.push(frame);
      const fate = decide(frame, posts.length);
      if (fate === "swallow") return;
      if (fate === "lose") server.onMessage(() => {});
      if (typeof fate === "object") socket.send(JSON.stringify({ re: frame.id, error: fate }));
      else server.send(data);
    });
  });
  return posts;
}
