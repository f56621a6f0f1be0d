import type { Message, MessageDecoder } from '../decoder.ts'
import { type Fields, readFields } from './fields.ts'

const service = { name: 'sudo' } as const

/** Who ran what as whom, and who was not let. */
export const sudo: MessageDecoder = {
  id: 'sudo',
  title: 'sudo',
  programs: ['sudo'],
  decode(text) {
    const colon = text.indexOf(' : ')
    const name = text.slice(0, Math.max(colon, 0)).trim()
    if (colon > 64 || name === '' || name.includes(' ')) return undefined
    const said = text.slice(colon + 3)
    if (said.startsWith('(command continued) ')) return continued(name)
    const fields = readFields(said)
    return fields && toMessage(name, fields)
  },
}

/** sudo logs a command of more than 960 bytes in several messages; this one has the next piece of it. */
function continued(name: string): Message {
  return { event: { category: ['process'], type: ['info'], action: 'run-as-continued' }, user: { name }, service }
}

const ran = { category: ['iam', 'process'], type: ['admin', 'start'], outcome: 'success' } as const
const refused = { category: ['iam'], type: ['info'], outcome: 'failure' } as const
const unproven = { category: ['authentication', 'iam'], type: ['info'], outcome: 'failure' } as const

function toMessage(name: string, fields: Fields): Message {
  const { reason, target, group, command, terminal, folder, doubt } = fields
  const attempts = /^(\d{1,6}) incorrect password attempts?$/.exec(reason ?? '')
  const what = reason === undefined ? ran : attempts === null ? refused : unproven
  const message: Message = {
    event: { ...what, action: 'run-as', ...(reason !== undefined && { reason }) },
    service,
    user: target === undefined ? { name } : { name, effective: { name: target }, target: { name: target } },
  }
  const details: Record<string, unknown> = {}
  if (terminal !== undefined) details.terminal = terminal
  if (attempts !== null) details.attempts = Number(attempts[1])
  if (doubt !== undefined) details.doubt = doubt
  message.tidewaiter = details
  if (group !== undefined) message.group = { name: group }
  if (command !== undefined && reason === undefined) message.started = processOf(command, folder)
  else if (command !== undefined) details.command_line = command
  return message
}

function processOf(command: string, folder: string | undefined): Record<string, unknown> {
  const space = command.indexOf(' ')
  const executable = space < 0 ? command : command.slice(0, space)
  const process: Record<string, unknown> = { command_line: command }
  if (executable.startsWith('/')) {
    process.executable = executable
    process.name = executable.slice(executable.lastIndexOf('/') + 1)
  }
  if (folder !== undefined) process.working_directory = folder
  return process
}
