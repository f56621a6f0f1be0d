import { resolve } from 'node:path'
import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { seeFile } from '../system-file.ts'

const mostFiles = 200
const mostRules = 5_000
/** A rule that goes on for longer is taken in parts. */
const mostCharacters = 4_000

/** Lines of sudoers(5) and of what it includes, continued lines joined, and a row of each file. */
export async function addSudoers(host: Host, table: LastingTable): Promise<void> {
  const waiting = ['/etc/sudoers']
  const seen = new Set<string>()
  let rules = 0
  for (let path = waiting.shift(); path !== undefined && seen.size < mostFiles; path = waiting.shift()) {
    if (seen.has(path)) continue
    seen.add(path)
    const file = await seeFile(host, path)
    if (file === undefined) continue
    const lines = rulesOf(file.text)
    const isCut = file.isCut || rules + lines.length > mostRules
    table.add({ kind: 'file', path }, { ...file.about, ...(isCut && { cut: true }) })
    for (const { line, text } of lines.slice(0, Math.max(mostRules - rules, 0))) {
      table.add({ kind: 'sudo-rule', path, text }, {}, { line })
      waiting.push(...(await included(host, text, path)))
    }
    rules += lines.length
    await host.breathe()
  }
}

/** Rules with the number of their first line. `#1000` is an account and no comment; `#include` is none, either. */
export function rulesOf(text: string): { line: number; text: string }[] {
  const rules: { line: number; text: string }[] = []
  let open: { line: number; text: string } | undefined
  for (const [at, line] of text.split('\n').entries()) {
    open = { line: open?.line ?? at + 1, text: (open?.text ?? '') + line }
    if (open.text.endsWith('\\') && open.text.length < mostCharacters) {
      open.text = open.text.slice(0, -1)
      continue
    }
    const rule = open.text.trim()
    if (rule !== '' && !/^#(?!include|\d)/.test(rule)) rules.push({ line: open.line, text: rule })
    open = undefined
  }
  return rules
}

/** Files that a line includes. sudo leaves names with a dot or a tilde at the end out; whoever hides a rule there is seen. */
async function included(host: Host, text: string, path: string): Promise<string[]> {
  const [, isFolder, named = ''] = /^[@#]include(dir)?\s+"?([^"]+)"?\s*$/.exec(text) ?? []
  if (named === '' || named.includes('%')) return []
  const at = resolve(path, '..', named.replaceAll('\\ ', ' '))
  if (isFolder === undefined) return [at]
  return (await host.list(at)).sort().map((name) => `${at}/${name}`)
}
