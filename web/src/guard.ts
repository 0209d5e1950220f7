// What the guards of wire.ts are made of: they let through what the protocol says, and nothing else.

/** Thrown by the guards: what came is not what the protocol says. */
export class Malformed extends Error {
  override name = "Malformed";
}

export type Fields = Record<string, unknown>;

export function fields(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Malformed(`${what} is not an object`);
  return value as Fields;
}

export function string(of: Fields, field: string): string {
  const value = of[field];
  if (typeof value !== "string") throw new Malformed(`${field} is not a string`);
  return value;
}

export function integer(of: Fields, field: string): number {
  const value = of[field];
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new Malformed(`${field} is not an integer`);
  return value;
}

/** A list that may be absent. */
export function list<T>(of: Fields, field: string, one: (value: unknown) => T): T[] {
  const value = of[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Malformed(`${field} is not a list`);
  return value.map(one);
}

export function text(value: unknown): string {
  if (typeof value !== "string") throw new Malformed("not a string");
  return value;
}
