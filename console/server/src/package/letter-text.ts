import type { Letter } from './letter.ts'
import type { Block } from './page.ts'
import { visible } from './shown.ts'

const columns = 78

/** The same letter for a terminal or an e-mail. A row of a table is a paragraph: its columns would not fit. */
export function letterText({ title, marking, running, blocks }: Letter): string {
  const right = marking.padStart(columns)
  const body = blocks.map(blockText).join('\n\n')
  return `${[right, wrap(running), '', wrap(title), '='.repeat(columns), '', body, '', right].join('\n')}\n`
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return block.level === 2 ? `\n${wrap(block.text.toUpperCase())}\n${'-'.repeat(columns)}` : wrap(`* ${block.text}`)
    case 'paragraph':
      return wrap(block.text)
    case 'list':
      return block.items.map((item) => wrap(item, '  - ')).join('\n')
    case 'table':
      return tableText(block)
  }
}

function tableText({ caption, head, rows }: Extract<Block, { kind: 'table' }>): string {
  if (rows.length === 0) return wrap(`${caption}: none.`)
  const paragraphs = rows.map(([first = '', ...rest]) =>
    [wrap(`${head[0]}: ${first}`, '  '), ...rest.map((cell, i) => wrap(`${head[i + 1]}: ${cell}`, '    '))].join('\n'),
  )
  return `${wrap(`${caption}:`)}\n\n${paragraphs.join('\n\n')}`
}

/** Lines of at most 78 characters where words allow it, all behind the same margin. */
function wrap(text: string, margin = ''): string {
  const rest = ' '.repeat(margin.length)
  const lines = text.split('\n').flatMap((line) => linesOf(visible(line), columns - margin.length))
  return lines.map((line, i) => `${i === 0 ? margin : rest}${line}`.trimEnd()).join('\n')
}

function linesOf(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
