// Keeps a scrolled list where the reader left it. At its end it stays at its end; elsewhere the words at the top of the screen
// stay where they are, whatever comes or goes above and below them: their message may lose or get a name above its bubble too.

/** How near to the end counts as the end, in CSS pixels. */
const NEAR = 48;

interface Anchor {
  element: Element;
  id: string;
  top: number;
}

export class Scroller {
  /** The reader is at the end. */
  stuck = true;
  private readonly box: HTMLElement;
  private anchor: Anchor | null = null;

  constructor(box: HTMLElement) {
    this.box = box;
  }

  /** The reader has scrolled, or something is about to change: notes where the reader is. */
  note(): void {
    this.stuck = this.toEnd() <= NEAR;
    const element = this.messageAt(this.box.getBoundingClientRect().top);
    this.anchor = element && { element, id: element.id, top: wordsTop(element) };
  }

  /** Something has changed: goes back to where the reader was. */
  restore(): void {
    if (this.stuck) {
      this.end();
      return;
    }
    const { anchor } = this;
    if (!anchor) return;
    const element = anchor.element.isConnected ? anchor.element : this.box.querySelector(`#${CSS.escape(anchor.id)}`);
    if (!element) return;
    const moved = wordsTop(element) - anchor.top;
    if (Math.abs(moved) >= 0.5) this.box.scrollTop += moved;
  }

  end(): void {
    this.box.scrollTop = this.box.scrollHeight;
    this.stuck = true;
  }

  /** Puts an element in the middle of the screen. */
  centre(element: Element): void {
    const box = this.box.getBoundingClientRect();
    const rect = element.getBoundingClientRect();
    this.box.scrollTop += rect.top - box.top - Math.max(0, (box.height - rect.height) / 2);
    this.note();
  }

  /** CSS pixels from the top of what is listed, and to its end. */
  fromStart(): number {
    return this.box.scrollTop;
  }

  toEnd(): number {
    return this.box.scrollHeight - this.box.clientHeight - this.box.scrollTop;
  }

  get height(): number {
    return this.box.clientHeight;
  }

  /** The number of the message in the middle of the screen. */
  middle(): number | undefined {
    const box = this.box.getBoundingClientRect();
    const element = this.messageAt(box.top + box.height / 2);
    const number = Number(element?.dataset.number);
    return Number.isNaN(number) ? undefined : number;
  }

  /** The first message that ends below a height on the screen. */
  private messageAt(y: number): HTMLElement | null {
    const messages = this.box.querySelectorAll<HTMLElement>(".message");
    let low = 0;
    let high = messages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const element = messages[middle];
      if (element && element.getBoundingClientRect().bottom > y) high = middle;
      else low = middle + 1;
    }
    return messages[low] ?? null;
  }
}

/** Where a message's bubble begins on the screen. */
function wordsTop(message: Element): number {
  return (message.querySelector(".bubble") ?? message).getBoundingClientRect().top;
}
