import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { refuse } from '../error.ts'
import { type Common, withApi, withData } from './command.ts'
import { printJson } from './output.ts'

interface Options extends Common {
  email: string
  role: string
  name?: string
  passwordFile: string
}

export function user(program: Command): void {
  const group = program.command('user').description('people who may sign in')
  withData(group.command('add').description('add a person; the first one needs no sign-in'))
    .requiredOption('--email <email>')
    .requiredOption('--role <role>', 'admin, analyst, submitter or auditor')
    .requiredOption('--password-file <file>', 'file whose first line is the password, 12 characters or more')
    .option('--name <name>')
    .action(async (options: Options) => {
      const { email, role, name } = options
      const [password = ''] = (await passwordOf(options.passwordFile)).split(/\r?\n/)
      const person = await withApi(
        options,
        (api) => api.call('POST', '/people', { email, role, password, ...(name !== undefined && { name }) }),
        { mayCreate: true },
      )
      if (options.json === true) printJson(person)
      else console.log(`${email} may sign in as ${role}.`)
    })
}

async function passwordOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw refuse('file-unreadable', `The password file ${file} cannot be read.`, { cause })
  }
}
