import type { Decoder } from '../decoder.ts'
import { countIn, defined, type Row, textIn } from '../row.ts'
import { fileOf, type Kind, notHashed, type Said, systemDecoder, textsIn } from '../system-row.ts'
import { macosAutoruns } from './macos.ts'
import { windowsAutoruns } from './windows.ts'

const line: Kind = { category: 'configuration', say: sayLine }
const file: Kind = { category: 'configuration', say: sayScript }
const unit: Kind = { category: 'configuration', say: sayUnit }

/** Rows of the agent's snapshots of what a host starts by itself. */
export const autoruns: Decoder = systemDecoder({
  id: 'autorun',
  title: 'What a host starts by itself: units, crontabs, scripts, hooks, PAM stacks',
  kinds: {
    ...windowsAutoruns,
    ...macosAutoruns,
    'systemd-unit': unit,
    'systemd-drop-in': unit,
    cron: { category: 'configuration', say: sayCron },
    anacron: line,
    'at-job': { category: 'configuration', say: sayJob },
    'cron-script': file,
    init: file,
    profile: file,
    hook: file,
    'rc-local': line,
    preload: { category: 'configuration', say: sayLibrary },
    'module-load': line,
    modprobe: line,
    udev: line,
    pam: line,
    'apt-hook': line,
    'desktop-autostart': line,
  },
})

function sayUnit(row: Row): Said | undefined {
  const name = textIn(row, 'unit')
  if (name === undefined) return undefined
  const [file, run] = [fileOf(row), textsIn(row, 'run')]
  const command = run.find((each) => /^ExecStart\s*=/.test(each)) ?? run[0]
  return {
    message: command === undefined ? name : `${name}: ${command}`,
    fields: {
      service: { name },
      ...(file && { file }),
      // Before the program may stand what systemd makes of its end: `-`, `@`, `:`, `+` and `!` (systemd.service(5)).
      ...startedBy(command?.slice(command.indexOf('=') + 1).replace(/^[\s@:+!-]+/, '')),
      ...asWhom(row),
    },
    more: {
      ...defined({ scope: textIn(row, 'scope'), why: textIn(row, 'why'), ...lists(row, ['run', 'when', 'enabledBy']) }),
      ...notHashed(row),
    },
  }
}

/** What of lists says something, by names of ours. */
function lists(
  row: Row,
  names: readonly ('run' | 'when' | 'enabledBy')[],
): Record<string, readonly string[] | undefined> {
  const ours = { run: 'run', when: 'when', enabledBy: 'enabled_by' }
  return Object.fromEntries(
    names.map((name) => {
      const texts = textsIn(row, name)
      return [ours[name], texts.length === 0 ? undefined : texts]
    }),
  )
}

/** The program is a path only where it stands as one: a shell finds others. */
function startedBy(command: string | undefined): Record<string, unknown> {
  if (command === undefined || command.trim() === '') return {}
  const [executable] = /^\/[^\s;|&<>"'`$()]+/.exec(command) ?? []
  return { process: { command_line: command, ...(executable !== undefined && { executable }) } }
}

function asWhom(row: Row): Record<string, unknown> {
  const [name, id] = [textIn(row, 'runsAs') ?? textIn(row, 'account'), countIn(row, 'runsAs')]
  const user = defined({ name, id: id === undefined ? undefined : `${id}` })
  return user === undefined ? {} : { user }
}

function sayScript(row: Row): Said | undefined {
  const [file, path] = [fileOf(row), textIn(row, 'path')]
  if (file === undefined || path === undefined) return undefined
  return { message: path, fields: { file }, more: { ...defined(lists(row, ['enabledBy'])), ...notHashed(row) } }
}

function sayLine(row: Row): Said | undefined {
  const [file, text] = [fileOf(row), textIn(row, 'text')]
  if (text === undefined) return undefined
  return {
    message: text,
    fields: file === undefined ? {} : { file },
    more: defined({ line: countIn(row, 'line'), without_value: row.withoutValue === true ? true : undefined }) ?? {},
  }
}

/** Each library of ld.so.preload is part of every program. */
function sayLibrary(row: Row): Said | undefined {
  const said = sayLine(row)
  return said && { ...said, more: { ...said.more, libraries: said.message.split(/[\s:]+/) } }
}

const often = /^@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly|every_\w+)$/

/** Five times or a word, in crontabs of the system an account, and what runs (crontab(5)). */
function sayCron(row: Row): Said | undefined {
  const said = sayLine(row)
  if (said === undefined || /^["']?\w+["']?\s*=/.test(said.message)) return said
  const [, first = ''] = /^(\S+)/.exec(said.message) ?? []
  const fields = (often.test(first) ? 1 : 5) + (textIn(row, 'account') === undefined ? 1 : 0)
  const parts = new RegExp(`^((?:\\S+\\s+){${fields}})(\\S[^]*)$`).exec(said.message)
  if (parts === null) return said
  const [, before = '', command = ''] = parts
  const words = before.trim().split(/\s+/)
  const name = textIn(row, 'account') ?? words.pop()
  return {
    message: said.message,
    fields: { ...said.fields, ...(name !== undefined && { user: { name } }), ...startedBy(command) },
    more: { ...said.more, when: [words.join(' ')] },
  }
}

/** The name of a job says when: minutes since 1970. */
function sayJob(row: Row): Said | undefined {
  const [path, minutes, run] = [textIn(row, 'path'), countIn(row, 'minutes'), textsIn(row, 'run')]
  if (path === undefined) return undefined
  const file = fileOf(row)
  const at = minutes === undefined || minutes > 0xffffffff ? undefined : new Date(minutes * 60_000).toISOString()
  return {
    message: [path, ...run].join(' '),
    fields: { ...(file && { file }), ...asWhom(row), ...startedBy(run[0]) },
    more: { ...defined({ runs_at: at, queue: textIn(row, 'queue'), ...lists(row, ['run']) }), ...notHashed(row) },
  }
}
