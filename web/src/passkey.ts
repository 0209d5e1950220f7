// The buttons for passkeys on the server's pages (sign in, become a member, one's own page). A program of its own, so that the room
// page does not load it. Where the browser has no passkeys, or the page is not secure, the buttons stay hidden.

/** What the server's templates write: which button, what else belongs to it. */
const part = (name: string): HTMLElement | null => document.querySelector(`[data-passkey="${name}"]`);

type Options = { publicKey: Record<string, unknown> };

interface Problem {
  code: string;
  detail: string;
}

class Refused extends Error {
  readonly code: string;

  constructor(problem: Problem) {
    super(problem.detail);
    this.code = problem.code;
  }
}

function bytes(encoded: string): Uint8Array<ArrayBuffer> {
  const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

function base64url(of: ArrayBuffer | null | undefined): string | undefined {
  if (!of) return undefined;
  const binary = Array.from(new Uint8Array(of), (b) => String.fromCharCode(b)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Asks the server, and gives its answer; what it refuses is thrown with its reason. */
async function ask<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(`/-/passkey/${path}`, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Refused(answer as Problem);
  return answer as T;
}

interface Described {
  id: string;
  type: "public-key";
  transports?: AuthenticatorTransport[];
}

const described = (all: unknown): PublicKeyCredentialDescriptor[] =>
  ((all ?? []) as Described[]).map((d) => ({ id: bytes(d.id), type: d.type, transports: d.transports ?? [] }));

/** The options as browsers take them: the server writes bytes as base64url. */
function forSignIn(o: Options): CredentialRequestOptions {
  const { challenge, allowCredentials } = o.publicKey;
  return { publicKey: { ...o.publicKey, challenge: bytes(challenge as string), allowCredentials: described(allowCredentials) } };
}

function forAdding(o: Options): CredentialCreationOptions {
  const { challenge, user, excludeCredentials } = o.publicKey;
  const who = user as { id: string; name: string; displayName: string };
  return {
    publicKey: {
      ...(o.publicKey as unknown as PublicKeyCredentialCreationOptions),
      challenge: bytes(challenge as string),
      user: { ...who, id: bytes(who.id) },
      excludeCredentials: described(excludeCredentials),
    },
  };
}

/** A credential as the server takes it. */
function told(c: PublicKeyCredential): unknown {
  const r = c.response as Partial<AuthenticatorAttestationResponse & AuthenticatorAssertionResponse>;
  return {
    id: c.id,
    rawId: base64url(c.rawId),
    type: c.type,
    authenticatorAttachment: c.authenticatorAttachment ?? undefined,
    clientExtensionResults: {},
    response: {
      clientDataJSON: base64url(r.clientDataJSON),
      attestationObject: base64url(r.attestationObject),
      transports: r.getTransports?.(),
      authenticatorData: base64url(r.authenticatorData),
      signature: base64url(r.signature),
      userHandle: base64url(r.userHandle),
    },
  };
}

/** What stands in a field of the form to become a member, or in the passkey's own form. */
function field(button: HTMLElement, name: string): string {
  const form = button.closest("form") ?? document.querySelector('form[action="/-/register"]');
  return form?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value ?? "";
}

async function signIn(button: HTMLElement): Promise<string> {
  const options = await ask<Options>("sign-in", {});
  const credential = (await navigator.credentials.get(forSignIn(options))) as PublicKeyCredential;
  try {
    return (await ask<{ next: string }>("sign-in/finish", { credential: told(credential), next: button.dataset.next })).next;
  } catch (e) {
    if (e instanceof Refused && e.code === "not_found") await forget(options.publicKey.rpId as string, credential.id);
    throw e;
  }
}

async function add(button: HTMLElement): Promise<string> {
  const [username, invite, current] = ["username", "invite", "current"].map((name) => field(button, name));
  const options = await ask<Options>("add", { username, invite, current });
  const credential = (await navigator.credentials.create(forAdding(options))) as PublicKeyCredential;
  try {
    return (await ask<{ next: string }>("add/finish", { credential: told(credential), next: button.dataset.next })).next;
  } catch (e) {
    const { id } = options.publicKey.rp as { id: string };
    if (e instanceof Refused) await forget(id, credential.id);
    throw e;
  }
}

/** Tells the device that a key of it is not known here, so that it need not offer it again. Few browsers can say so yet. */
async function forget(rpId: string, credentialId: string): Promise<void> {
  const keys = PublicKeyCredential as unknown as { signalUnknownCredential?: (of: { rpId: string; credentialId: string }) => Promise<void> };
  await keys.signalUnknownCredential?.({ rpId, credentialId }).catch(() => {});
}

/** What to say about a failure; nothing to somebody who has just changed their mind. */
function complaint(e: unknown): string {
  if (e instanceof Refused) return e.message;
  const name = e instanceof DOMException ? e.name : "";
  if (name === "NotAllowedError" || name === "AbortError") return "";
  if (name === "InvalidStateError") return "This device has a passkey for you already.";
  if (name === "SecurityError") return "Passkeys need this server to be visited by its name.";
  return "That did not work. Please try again.";
}

function offer(button: HTMLButtonElement, act: (button: HTMLElement) => Promise<string>): void {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const trouble = part("trouble");
    if (trouble) trouble.hidden = true;
    button.disabled = true;
    try {
      location.assign(await act(button));
    } catch (e) {
      button.disabled = false;
      const words = complaint(e);
      if (!trouble || !words) return;
      trouble.textContent = words;
      trouble.hidden = false;
    }
  });
}

if (window.isSecureContext && "PublicKeyCredential" in window) {
  for (const [name, act] of [["sign-in", signIn], ["add", add]] as const) {
    const button = part(name);
    if (button instanceof HTMLButtonElement) offer(button, act);
  }
  const form = part("form");
  if (form) form.hidden = false;
  form?.addEventListener("submit", (e) => {
    e.preventDefault();
    part("add")?.click();
  });
  part("absent")?.remove();
}
