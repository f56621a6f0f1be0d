/** What a host calls itself, on one line: a name is shown in tables, logs and terminals. */
export function label(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '\ufffd')
}
