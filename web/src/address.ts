/** The address of a person in a room. */
export function roomPath(room: string, username: string): string {
  return `/${encodeURIComponent(room)}/${encodeURIComponent(username)}/`;
}

/** The address that opens one message centred. */
export function messagePath(room: string, username: string, number: number): string {
  return `${roomPath(room, username)}?at=${number}#m${number}`;
}

/** The message that an address asks for: `#m17` or `?at=17`. */
export function messageIn(address: { hash: string; search: string }): number | undefined {
  const named = /^#m(\d{1,15})$/.exec(address.hash)?.[1] ?? new URLSearchParams(address.search).get("at") ?? "";
  return /^[1-9]\d{0,14}$/.test(named) ? Number(named) : undefined;
}

/** The room in a path of two segments, decoded; undefined for any other path. */
export function roomIn(path: string): string | undefined {
  const segments = /^\/([^/]+)\/[^/]+\/?$/.exec(path);
  if (!segments?.[1]) return undefined;
  try {
    return decodeURIComponent(segments[1]);
  } catch {
    return undefined;
  }
}
