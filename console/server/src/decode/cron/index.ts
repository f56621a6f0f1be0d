import type { MessageDecoder } from '../decoder.ts'
import { readSentence, type Sentence, withDetails } from '../sentence.ts'

const table = { category: ['configuration'], outcome: 'success' } as const
const user = '^\\((?<user>[^()\\s]{1,64})\\)'

/** `(USER) VERB (TEXT)`: cron, crond and crontab write the account themselves (misc.c, log_it). */
const sentences: readonly Sentence[] = [
  {
    pattern: new RegExp(`${user} CMD \\((?<command>.*)\\)$`),
    is: { category: ['process'], type: ['start'], outcome: 'success', action: 'job-started' },
  },
  {
    pattern: new RegExp(`${user} REPLACE \\((?<target>[^()]{1,64})\\)$`),
    is: { ...table, type: ['change'], action: 'crontab-changed' },
  },
  {
    pattern: new RegExp(`${user} DELETE \\((?<target>[^()]{1,64})\\)$`),
    is: { ...table, type: ['deletion'], action: 'crontab-removed' },
  },
  {
    pattern: new RegExp(`${user} LIST \\((?<target>[^()]{1,64})\\)$`),
    is: { ...table, type: ['access'], action: 'crontab-read' },
  },
  {
    pattern: new RegExp(`${user} (?:BEGIN|END) EDIT \\((?<target>[^()]{1,64})\\)$`),
    is: { ...table, type: ['access'], action: 'crontab-edited' },
  },
  {
    pattern: new RegExp(`${user} AUTH \\((?<reason>.*)\\)$`),
    is: { category: ['iam'], type: ['info'], outcome: 'failure', action: 'user-not-allowed' },
  },
  {
    pattern: new RegExp(`${user} (?:RELOAD|ORPHAN|WRONG FILE OWNER|INSECURE MODE[^()]{0,60}) \\((?<table>.*)\\)$`),
    is: { category: ['configuration'], type: ['info'], action: 'crontab-loaded' },
  },
]

/** What cron ran for whom, and who changed what it runs. */
export const cron: MessageDecoder = {
  id: 'cron',
  title: 'cron (Vixie cron, cronie)',
  programs: ['CRON', 'cron', 'crond', 'CROND', 'crontab', 'anacron'],
  decode(text, program) {
    const message = readSentence(sentences, text, program.toLowerCase())
    const { command, target, ...details } = message?.tidewaiter ?? {}
    if (message === undefined || (command ?? target) === undefined) return message
    if (command !== undefined) message.started = { command_line: command }
    if (target !== undefined) message.user = { ...message.user, target: { name: target } }
    return withDetails(message, details)
  },
}
