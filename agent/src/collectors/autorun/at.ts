import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { seeFile } from '../system-file.ts'
import { bounded, pathsIn } from './folder.ts'

/** Debian and Red Hat. */
const spools = ['/var/spool/cron/atjobs', '/var/spool/at']

/**
 * Jobs of at(1). A job begins with the whole environment of whoever made it, which may hold secrets: taken are its header
 * and what follows the change into its folder (`cd /root || { ... }`), and of the name queue, number and time.
 */
export async function addAtJobs(host: Host, table: LastingTable): Promise<void> {
  for (const spool of spools)
    for await (const path of pathsIn(host, table, spool)) {
      const [, queue, number, minutes] = /\/([a-zA-Z=])([0-9a-f]{5})([0-9a-f]{8})$/.exec(path) ?? []
      if (queue === undefined || number === undefined || minutes === undefined) continue
      const file = await seeFile(host, path)
      if (file === undefined) continue
      const job = { queue, job: Number.parseInt(number, 16), minutes: Number.parseInt(minutes, 16) }
      table.add({ kind: 'at-job', path }, { ...job, ...commandsOf(file.text), ...file.about })
    }
}

function commandsOf(text: string): object {
  const [, uid] = /^# atrun uid=(\d{1,10})/m.exec(text) ?? []
  // The change into the folder is a line, and what is done where it fails ends with a line of a bracket.
  const folder = text.search(/^cd [^\n]*\|\| \{$/m)
  const end = folder < 0 ? -1 : text.indexOf('\n}\n', folder)
  const commands = end < 0 ? '' : text.slice(end + 3)
  const lines = commands.split('\n').flatMap((each, at) => (each.trim() === '' ? [] : [{ line: at + 1, text: each }]))
  const said = bounded(lines)
  return {
    ...(uid !== undefined && { runsAs: Number(uid) }),
    run: said.lines.map((line) => line.text),
    ...(said.isCut && { cut: true }),
  }
}
