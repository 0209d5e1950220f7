// How a person without a picture is shown. The server's pages follow the same two rules.

/** The class of a person's colour, by the number in the id. */
export function hue(id: string): string {
  const number = /\d+/.exec(id)?.[0] ?? "0";
  return `hue-${Number(BigInt(number) * 7n % 24n)}`;
}

/** The first letter or digit of a name, upper-cased. */
export function initial(name: string): string {
  const first = /[\p{L}\p{N}]/u.exec(name)?.[0] ?? Array.from(name)[0] ?? "?";
  return first.toUpperCase();
}
