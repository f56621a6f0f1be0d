import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { seeFile } from '../system-file.ts'
import { bounded, type Line, linesOf, pathsIn } from './folder.ts'

/** Crontabs of accounts, named after them: Debian, SUSE, Red Hat, Alpine and macOS. */
const spools = [
  '/var/spool/cron/crontabs',
  '/var/spool/cron/tabs',
  '/var/spool/cron',
  '/etc/crontabs',
  '/usr/lib/cron/tabs',
]
/** Variables whose values say what runs; others may hold secrets. */
const telling = /^(?:PATH|SHELL|HOME|LOGNAME|MAILTO|BASH_ENV|ENV|LD_\w+|PYTHON\w*|PERL\w*|CRON_TZ|TZ)$/

/** Lines of crontab(5) and anacrontab(5), each with what is kept of its file, and a row of each file. */
export async function addCronTables(host: Host, table: LastingTable): Promise<void> {
  await addTable(host, table, { kind: 'cron', path: '/etc/crontab' })
  for await (const path of pathsIn(host, table, '/etc/cron.d')) await addTable(host, table, { kind: 'cron', path })
  await addTable(host, table, { kind: 'anacron', path: '/etc/anacrontab' })
  for (const spool of spools)
    for await (const path of pathsIn(host, table, spool)) {
      const account = path.slice(spool.length + 1)
      if (account !== 'cron.update') await addTable(host, table, { kind: 'cron', path, account })
    }
}

/** @param account whose crontab it is; in those of the system each line names one */
async function addTable(
  host: Host,
  table: LastingTable,
  { kind, path, account }: { kind: string; path: string; account?: string },
): Promise<void> {
  const file = await seeFile(host, path)
  if (file === undefined || file.about.kept === 'folder') return
  const { lines, isCut } = bounded(linesOf(withoutJoining(file.text)))
  table.add({ kind: 'file', path }, { ...file.about, ...((isCut || file.isCut) && { cut: true }) })
  const owner = account === undefined ? {} : { account }
  for (const line of lines) {
    const { text, ...at } = withoutSecrets(line)
    table.add({ kind, path, ...owner, text }, {}, { ...at, ...file.about })
  }
}

/** A backslash at the end of a line of a crontab does not continue it (crontab(5)). */
function withoutJoining(text: string): string {
  return text.replaceAll(/\\$/gm, '\\ ')
}

function withoutSecrets({ line, text }: Line): Line & { withoutValue?: true } {
  const [, name] = /^["']?(\w{1,100})["']?\s*=/.exec(text) ?? []
  return name === undefined || telling.test(name) ? { line, text } : { line, text: `${name}=`, withoutValue: true }
}
