import type { Letter } from './letter.ts'
import type { Block } from './page.ts'
import { visible } from './shown.ts'

/** US Letter, 11 pt, black on white; the marking right-justified at 12 pt above and below every page. */
function styleOf(marking: string): string {
  return `
@page { size: letter; margin: 1in; @top-right { content: "${marking}"; font: bold 12pt sans-serif }
  @bottom-right { content: "${marking}"; font: bold 12pt sans-serif } @bottom-left { content: counter(page) " of " counter(pages) } }
body { font: 11pt/1.45 system-ui, sans-serif; color: #000; background: #fff; max-width: 50rem; margin: 0 auto; padding: 1rem }
.marking { text-align: right; font-size: 12pt; font-weight: bold; margin: 0 }
.running { margin: 0 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
caption { text-align: left; font-weight: bold; padding-bottom: .3rem }
th, td { border: 1px solid #555; padding: .25rem .4rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; white-space: pre-line }
thead { display: table-header-group }
tr { break-inside: avoid }
li { overflow-wrap: anywhere }
`
}

/** HTML that loads nothing, runs nothing and links nowhere; headings nested, every table with caption and headers. */
export function letterHtml({ title, marking, running, blocks }: Letter): string {
  return `<!doctype html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(`${title} (${marking})`)}</title>
<style>${styleOf(marking)}</style>
</head>
<body>
<header><p class="marking">${escapeHtml(marking)}</p><p class="running">${escapeHtml(running)}</p></header>
<main>
<h1>${escapeHtml(title)}</h1>
${blocks.map(blockHtml).join('\n')}
</main>
<footer><p class="marking">${escapeHtml(marking)}</p></footer>
</body>
</html>
`
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escapeHtml(block.text)}</h${block.level}>`
    case 'paragraph':
      return `<p>${escapeHtml(block.text)}</p>`
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('\n')}\n</ul>`
    case 'table':
      return tableHtml(block)
  }
}

function tableHtml({ caption, head, rows }: Extract<Block, { kind: 'table' }>): string {
  if (rows.length === 0) return `<p>${escapeHtml(caption)}: none.</p>`
  const columns = head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('')
  const body = rows.map(([first = '', ...rest]) => {
    const cells = rest.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')
    return `<tr><th scope="row">${escapeHtml(first)}</th>${cells}</tr>`
  })
  // A table that is too wide scrolls in a region that the keyboard can reach.
  return [
    `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(caption)}">`,
    `<table><caption>${escapeHtml(caption)}</caption>`,
    `<thead><tr>${columns}</tr></thead>`,
    `<tbody>\n${body.join('\n')}\n</tbody></table></div>`,
  ].join('\n')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text in HTML, in an element or a quoted attribute. Line ends stay, other controls are shown. */
function escapeHtml(text: string): string {
  return text
    .split('\n')
    .map((line) => visible(line).replaceAll(/[&<>"']/g, (char) => entities[char] ?? ''))
    .join('\n')
}
