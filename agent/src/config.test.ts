import { expect, test } from 'vitest'
import { parseConfig, readConfig } from './config.ts'

const known = ['log-file', 'login']
const parse = (text: string) => parseConfig(text, { file: 'agent.yaml', known })

test('a configuration says what the host gives and within which bounds', () => {
  const policy = parse('sources: [log-file]\nfiles:\n  - /var/log/app.log\ncaps: {spoolMb: 10}\nallow: [mail]\n')

  expect(policy).toEqual({
    sources: ['log-file'],
    files: ['/var/log/app.log'],
    caps: { spoolMb: 10 },
    allow: ['mail'],
  })
})

test('an empty file is a configuration without limits of its own', () => {
  expect(parse('')).toEqual({})
  expect(parse('# nothing yet\n')).toEqual({})
})

const server = (more: string, name = 'entries', engine = 'postgresql') =>
  `databases:\n  - { name: ${name}, engine: ${engine}, ${more} }\n`

test.each([
  ['an unknown key', 'files: []\nsource: [login]\n', 'line 2: "source" is not a setting. Known there: sources, files,'],
  [
    'an unknown cap',
    'caps:\n  spoolMb: 5\n  disk: 7\n',
    'line 3: "disk" is not a setting under caps. Known there: spool',
  ],
  ['a value of the wrong kind', 'caps:\n  spoolMb: much\n', 'line 2: "caps.spoolMb" must be integer'],
  ['a kind nobody can allow', 'allow:\n  - mail\n  - screens\n', 'line 3: "allow.1"'],
  [
    'a collector that does not exist',
    'sources:\n  - logins\n',
    'line 2: "logins" is not a collector of this agent. Use one of: log-file',
  ],
  ['a relative path', 'files: [app.log]\n', 'line 1: "app.log" is not a full path'],
  ['a relative path to compare', 'integrity: [/etc, srv]\n', 'line 1: "srv" is not a full path'],
  ['a password in the file', server('user: x, password: secret-one'), 'line 2: "password" is not a setting'],
  ['a server that is nowhere', server('user: x'), 'line 2: "entries" needs a socket or a host'],
  ['a server in two places', server('user: x, host: a, socket: /run'), 'line 2: "entries" needs a socket or a host'],
  ['a relative password file', server('user: x, host: a, passwordFile: p'), 'line 2: "p" is not a full path'],
  ['a name that is taken', server('user: x, host: a', 'process'), 'line 2: "process" is what the agent calls'],
  ['a socket of SQL Server', server('user: x, socket: /s', 'a', 'sql-server'), 'line 2: SQL Server has no socket'],
  [
    'two of one name',
    `${server('user: x, host: a')}${server('user: x, host: b').slice(11)}`,
    'line 3: "entries" is the name of two',
  ],
  ['the same key twice', 'files: []\nfiles: []\n', 'line 2: Map keys must be unique'],
  ['something that is no YAML', 'files: [\n', 'Correct the YAML'],
  ['a list', '- files\n', 'line 1: the file must be object'],
  ['a bomb of aliases', 'files: &a [/x]\nsources: *a\n', 'line 2: references'],
])('%s is refused with its line and the fix', (_, text, says) => {
  expect(() => parse(text)).toThrowError(
    expect.objectContaining({ code: 'config-malformed', says: expect.stringContaining(says) }),
  )
})

test('a file that was named must be there, the default one need not be', () => {
  expect(() => readConfig('/nonexistent/agent.yaml', known)).toThrowError(
    expect.objectContaining({ code: 'config-malformed' }),
  )
})
