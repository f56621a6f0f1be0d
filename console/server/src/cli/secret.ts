import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { refuse } from '../error.ts'

/** A secret from the first line of a file, or typed on the terminal without being shown. */
export async function askSecret(prompt: string, file: string | undefined): Promise<string> {
  if (file !== undefined) return firstLine(file)
  if (!process.stdin.isTTY)
    throw refuse('input-malformed', 'There is no terminal to ask on. Give the file that holds it.')
  process.stderr.write(`${prompt}: `)
  // What is typed is read, but nothing is written back.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  const secret = await terminal.question('')
  terminal.close()
  process.stderr.write('\n')
  return secret
}

async function firstLine(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/)[0] ?? ''
  } catch (cause) {
    throw refuse('file-unreadable', `${file} cannot be read.`, { cause })
  }
}
