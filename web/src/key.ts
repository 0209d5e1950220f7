// Idempotency keys: 26 characters of Crockford's base 32, a ULID. The first ten are the time in milliseconds, so that keys
// made later in one tab sort later; a key made in the same millisecond, or after the clock went back, takes the next value.

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

let last = 0;
let step = 0;

/** Makes a key that nobody has made before. */
export function makeKey(now: number = Date.now()): string {
  if (now > last) {
    last = now;
    step = 0;
  } else {
    step++;
  }
  const random = crypto.getRandomValues(new Uint8Array(12));
  let tail = "";
  for (const byte of random) tail += DIGITS.charAt(byte % 32);
  return digits(last, 10) + digits(step, 4) + tail;
}

function digits(value: number, length: number): string {
  let out = "";
  for (let i = 0; i < length; i++) {
    out = DIGITS.charAt(value % 32) + out;
    value = Math.floor(value / 32);
  }
  return out;
}
