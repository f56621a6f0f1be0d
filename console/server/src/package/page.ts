/** Parts of a document for reading. Texts are plain: each way of writing it escapes them. */
export type Block =
  | { kind: 'heading'; level: 2 | 3; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'table'; caption: string; head: readonly string[]; rows: readonly (readonly string[])[] }

export function heading(text: string, level: 2 | 3 = 2): Block {
  return { kind: 'heading', level, text }
}

export function paragraph(text: string): Block {
  return { kind: 'paragraph', text }
}

export function list(items: readonly string[]): Block {
  return { kind: 'list', items }
}

export function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): Block {
  return { kind: 'table', caption, head, rows }
}
