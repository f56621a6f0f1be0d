import { Command, CommanderError } from 'commander'
import { artifacts } from './cli/artifact.ts'
import { backup } from './cli/backup.ts'
import { collect } from './cli/collect.ts'
import { files } from './cli/files.ts'
import { hosts } from './cli/hosts.ts'
import { incident } from './cli/incident.ts'
import { indicators } from './cli/indicators.ts'
import { keys } from './cli/keys.ts'
import { exit, fail } from './cli/output.ts'
import { packages } from './cli/package.ts'
import { reindex } from './cli/reindex.ts'
import { restore } from './cli/restore.ts'
import { search } from './cli/search.ts'
import { serve } from './cli/serve.ts'
import { token } from './cli/token.ts'
import { user } from './cli/user.ts'
import { verify } from './cli/verify.ts'

const program = new Command('tidewaiter')
  .description("Evidence from every broker host to a package CBP's SOC can verify.")
  .version('0.1.0')
  .showHelpAfterError('("tidewaiter --help" lists the commands)')
  .exitOverride()
  .configureHelp({ sortSubcommands: false })

for (const register of [
  serve,
  user,
  token,
  hosts,
  search,
  collect,
  artifacts,
  indicators,
  incident,
  packages,
  verify,
  files,
  reindex,
  backup,
  restore,
  keys,
])
  register(program)

program.addHelpText(
  'afterAll',
  `
Exit codes: 0 ok, 1 the answer is no or a problem was found, 2 usage, 3 not permitted,
4 not reachable, 5 refused.`,
)

// A reader that closes early (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
// A message that cannot be written, on a full disk say, ends nothing.
process.stderr.on('error', () => undefined)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? exit.ok : exit.usage) : fail(error)
}
