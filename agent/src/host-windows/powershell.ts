import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import type { Clock, Host, Script } from '../host.ts'
import { prologue, scripts } from './scripts.ts'

/** The longest that a script may take: the search for updates that wait takes most. */
const askMs = 90_000
/** To start PowerShell costs more than most that it is asked; when nobody asks it, it holds its memory for nothing. */
const idleMs = 60_000
const LF = 0x0a

export interface Program {
  file: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
}

export const powerShellArguments = [
  '-NoLogo',
  '-NoProfile',
  '-NonInteractive',
  '-InputFormat',
  'Text',
  '-Command',
  '-',
] as const

/** What is asked just now hears each line, and the end. */
interface Listener {
  line(line: Buffer): void
  broken(why: string): void
}

interface Running {
  child: ChildProcessWithoutNullStreams
  listener: Listener | undefined
}

type Rows = string[] | { why: string }

/**
 * One PowerShell, asked one script after the other. Rows are lines of JSON between `#<number> begin` and `#<number> end`:
 * what a machine says stands within JSON and cannot make such a line. One that is late, says too much or dies is ended,
 * and the next script gets a new one.
 * @param program undefined where the machine has none
 */
export function newPowerShell(program: Program | undefined, { timer }: Pick<Clock, 'timer'>): Host['askScript'] {
  let running: Running | undefined
  let number = 0
  let last: Promise<unknown> = Promise.resolve()
  let cancelIdle = () => {}

  const end = () => {
    running?.child.kill()
    running = undefined
  }
  const start = (from: Program): Running => {
    const made = startPowerShell(from, (dead) => {
      if (running === dead) running = undefined
    })
    running = made
    return made
  }
  const ask = async (from: Program, script: Script, how: { limit: number; signal: AbortSignal }): Promise<Rows> => {
    if (how.signal.aborted) return { why: 'the agent ends' }
    cancelIdle()
    number += 1
    const answer = await answerOf(running ?? start(from), { script, number, timer, ...how })
    // After a script that failed nobody knows what it still says.
    if ('why' in answer && !answer.isWhole) end()
    cancelIdle = timer(idleMs, end)
    return 'why' in answer ? { why: answer.why } : answer
  }
  return (script, how) => {
    if (program === undefined) return Promise.resolve({ why: 'powershell is not installed' })
    const answer = last.then(() => ask(program, script, how))
    last = answer
    return answer
  }
}

function startPowerShell({ file, args, env }: Program, died: (dead: Running) => void): Running {
  const child = spawn(file, args, { stdio: 'pipe', env, windowsHide: true })
  const made: Running = { child, listener: undefined }
  const broken = (why: string) => {
    died(made)
    made.listener?.broken(why)
  }
  let rest = Buffer.alloc(0)
  child.stdout.on('data', (part: Buffer) => {
    rest = Buffer.concat([rest, part])
    for (let to = rest.indexOf(LF); to >= 0; to = rest.indexOf(LF)) {
      made.listener?.line(rest.subarray(0, to))
      rest = rest.subarray(to + 1)
    }
    if (rest.length > mostLine) {
      child.kill()
      broken('PowerShell says more than a row may hold')
    }
  })
  // Errors stand in the answer; a pipe that nobody empties would stop it.
  child.stderr.resume()
  // It may be gone before it has read what it is asked.
  child.stdin.on('error', () => {})
  child.once('error', ({ message }) => broken(message))
  child.once('close', (code, signal) => broken(`PowerShell ended with ${code ?? signal}`))
  if (child.pid !== undefined) lower(child.pid)
  child.stdin.write(`${prologue}\n`)
  return made
}

const mostLine = 1024 * 1024

function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already.
  }
}

interface Asked {
  script: Script
  number: number
  limit: number
  signal: AbortSignal
  timer: Clock['timer']
}

/** `isWhole`: PowerShell has said all that it has to say to this script. */
function answerOf(
  running: Running,
  { script, number, limit, signal, timer }: Asked,
): Promise<string[] | { why: string; isWhole: boolean }> {
  return new Promise((resolve) => {
    const rows: string[] = []
    let [hasBegun, bytes] = [false, 0]
    const finish = (answer: string[] | { why: string; isWhole: boolean }) => {
      cancel()
      signal.removeEventListener('abort', stop)
      running.listener = undefined
      resolve(answer)
    }
    const broken = (why: string) => finish({ why, isWhole: false })
    const stop = () => broken('the agent ends')
    const cancel = timer(askMs, () => broken(`PowerShell did not answer within ${askMs / 1000} s`))
    signal.addEventListener('abort', stop, { once: true })
    const take = (row: string) => {
      bytes += row.length
      if (bytes > limit) broken(`PowerShell says more than ${limit} bytes`)
      else rows.push(row)
    }
    const line = (raw: Buffer) => {
      const text = raw.toString().trimEnd()
      if (text === `#${number} begin`) hasBegun = true
      else if (text === `#${number} end`) finish(rows)
      else if (text.startsWith(`#${number} failed `)) finish({ why: reasonIn(text), isWhole: true })
      else if (hasBegun && text.startsWith('{')) take(text)
    }
    running.listener = { line, broken }
    running.child.stdin.write(`${requestOf(script, number)}\n`)
  })
}

function reasonIn(line: string): string {
  return line.slice(line.indexOf('failed ') + 'failed '.length, 500)
}

function requestOf(script: Script, number: number): string {
  const say = (what: string) => `[Console]::Out.WriteLine(${what})`
  const row = say('(ConvertTo-Json -InputObject $_ -Compress -Depth 3)')
  return [
    `${say(`'#${number} begin'`)}; try { & { ${scripts[script]} } | ForEach-Object { ${row} }; ${say(`'#${number} end'`)} }`,
    `catch { ${say(`'#${number} failed ' + (ConvertTo-Json -InputObject "$($_.Exception.Message)" -Compress)`)} }`,
  ].join(' ')
}
