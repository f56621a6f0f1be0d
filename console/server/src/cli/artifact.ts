import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { refuse } from '../error.ts'
import { type Common, withApi, withData } from './command.ts'
import { printJson, say } from './output.ts'

const help = `
What was acquired on a host is evidence, and may be what an attacker left there: the file is written
for its owner only and is never run or opened. Who had it is in the audit log.

Exit codes: 0 written, 1 there is no such artifact or it cannot be written, 4 the console does not
answer, 5 refused.`

interface Options extends Common {
  out: string
}

export function artifacts(program: Command): void {
  const group = program.command('artifact').description('what was acquired on hosts')
  withData(group.command('get').description('write an artifact to a file, byte for byte as it was on its host'))
    .argument('<sha256>')
    .requiredOption('--out <file>')
    .addHelpText('after', help)
    .action(async (sha256: string, options: Options) => {
      const { out } = options
      if (!/^[0-9a-f]{64}$/.test(sha256))
        throw refuse('input-malformed', `"${sha256}" is no SHA-256: it has 64 hex digits in lower case.`)
      if (existsSync(out)) throw refuse('file-unwritable', `${out} is there already: name another file.`)
      const bytes = await withApi(options, (api) => write(api.read(`/artifacts/${sha256}/download`), sha256, out))
      if (options.json === true) printJson({ file: out, sha256, bytes })
      else say(`${sha256}  ${out} (${bytes} bytes)`)
    })
}

/** Takes its name once it is there whole and has its hash; nothing of it stays otherwise. */
async function write(content: AsyncIterable<Uint8Array>, sha256: string, out: string): Promise<number> {
  const part = `${out}.${process.pid}.part`
  const hash = createHash('sha256')
  let bytes = 0
  const pieces = async function* () {
    for await (const piece of content) {
      hash.update(piece)
      bytes += piece.length
      yield piece
    }
  }
  try {
    await pipeline(pieces, createWriteStream(part, { mode: 0o600, flags: 'wx' }))
    if (hash.digest('hex') !== sha256)
      throw refuse('payload-unreadable', 'What was written does not have the hash of the artifact.')
    await rename(part, out)
    return bytes
  } finally {
    await rm(part, { force: true })
  }
}
