const EMOJI =
  /^(?:(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|(?:\p{Emoji_Presentation}\uFE0F?|\p{Extended_Pictographic}\uFE0F)[\u{1F3FB}-\u{1F3FF}\u{E0020}-\u{E007F}]*(?:\u200D\p{Extended_Pictographic}\uFE0F?[\u{1F3FB}-\u{1F3FF}]?)*)\s*){1,6}$/u;

/** Whether a text is nothing but one to six emoji. */
export function onlyEmoji(text: string): boolean {
  return text.length <= 100 && EMOJI.test(text.trim());
}
