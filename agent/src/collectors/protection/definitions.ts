import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { aboutOf, readHead } from '../system-file.ts'

const clamav = '/var/lib/clamav'
/** A database of ClamAV begins with so many bytes of text (docs.clamav.net, manual/Signatures/DatabaseInfo). */
const headBytes = 512
const most = { files: 50, answerBytes: 64 * 1024, characters: 8_000 }
/** What programs say of themselves. */
const commands = [
  { command: 'clamdscan', args: ['--version'] },
  { command: 'mdatp', args: ['health', '--output', 'json'] },
]

/** How old the definitions of virus scanners are, and what scanners say of themselves. */
export async function addDefinitions(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const names = (await host.list(clamav)).filter((name) => /\.(?:cvd|cld|cud)$/.test(name)).sort()
  for (const name of names.slice(0, most.files)) await addClamav(host, table, `${clamav}/${name}`)
  for (const { command, args } of commands) {
    if (!host.has(command)) continue
    const answer = await host.ask(command, args, { limit: most.answerBytes, signal })
    if ('why' in answer) table.add({ kind: 'not-looked', command }, answer)
    else table.add({ kind: 'scanner', command }, { text: answer.toString().trim().slice(0, most.characters) })
  }
}

async function addClamav(host: Host, table: LastingTable, path: string): Promise<void> {
  const facts = await host.facts(path)
  const head = await readHead(host, path, headBytes)
  if (facts === undefined || 'why' in head) return
  const text = head.bytes.toString('latin1').trimEnd()
  const header = text.startsWith('ClamAV-VDB:')
    ? { header: text }
    : { why: 'it does not begin as a database of ClamAV' }
  table.add({ kind: 'definitions', path }, { ...aboutOf(facts), ...header })
}
