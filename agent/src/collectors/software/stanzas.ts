import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'

const stepBytes = 64 * 1024
/** A stanza is a few kilobytes; what goes on for longer is no stanza of a package. */
const most = { stanzaBytes: 1024 * 1024, packages: 50_000 }
const gap = '\n\n'

/** Blocks of lines with a blank line between them, read piece by piece: the file has megabytes. */
export async function* stanzas(host: Host, table: LastingTable, path: string): AsyncGenerator<string> {
  const file = await host.open(path)
  if (typeof file === 'string') {
    if (file !== 'missing') table.add({ kind: 'not-looked', path }, { why: file })
    return
  }
  const room = Buffer.allocUnsafe(stepBytes)
  let [rest, at, count] = [Buffer.alloc(0), 0, 0]
  try {
    for (;;) {
      const got = await file.read(room, at)
      at += got
      const bytes = Buffer.concat([rest, room.subarray(0, got)])
      let from = 0
      for (let end = bytes.indexOf(gap); end >= 0 && count < most.packages; end = bytes.indexOf(gap, from)) {
        yield bytes.toString('utf8', from, end)
        from = end + gap.length
        count += 1
      }
      rest = bytes.subarray(from)
      if (got === 0 || rest.length > most.stanzaBytes || count >= most.packages) break
      await host.breathe()
    }
    if (rest.length > most.stanzaBytes || count >= most.packages)
      table.add({ kind: 'not-looked', path }, { why: 'more than a database of packages holds' })
    else if (rest.length > 0) yield rest.toString('utf8')
  } finally {
    await file.close()
  }
}
