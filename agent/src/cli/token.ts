import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { errnoOf, refuse } from '../error.ts'

/** A token has a few hundred characters. */
const mostBytes = 64 * 1024

interface Given {
  token?: string
  tokenFile?: string
}

/** The token, from wherever it was given. Throws `usage`, `not-permitted`; no text of them holds it. */
export async function readToken({ token, tokenFile }: Given, fromEnvironment: string | undefined): Promise<string> {
  if (token !== undefined && tokenFile !== undefined)
    throw refuse('usage', 'Give the token once: either --token or --token-file.')
  if (tokenFile !== undefined) return firstLine(readFile(tokenFile))
  if (token === '-') return process.stdin.isTTY ? typed() : firstLine(await piped())
  const text = token ?? fromEnvironment
  if (text !== undefined) return text.trim()
  throw refuse(
    'usage',
    'No token was given. Make one in the console or with "tidewaiter token create", then give it with --token-file FILE, with --token - on stdin, or in TIDEWAITER_TOKEN.',
  )
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, mostBytes)
  } catch (cause) {
    const errno = errnoOf(cause) ?? ''
    if (errno === 'EACCES' || errno === 'EPERM')
      throw refuse('not-permitted', `This account may not read ${file}. Run the command as its owner.`, { cause })
    throw refuse('usage', `${file} cannot be read (${errno}). Give the path of the file with the token.`, { cause })
  }
}

/** What comes on stdin up to the first line end: whoever writes need not hang up. */
async function piped(): Promise<string> {
  let text = ''
  for await (const part of process.stdin.setEncoding('utf8')) {
    text += part
    if (text.includes('\n') || text.length > mostBytes) break
  }
  process.stdin.destroy()
  return text
}

/** Typed or pasted on a terminal, which does not show it. */
async function typed(): Promise<string> {
  process.stderr.write('Token: ')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  const text = await terminal.question('')
  terminal.close()
  process.stderr.write('\n')
  return text.trim()
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').trim()
}
