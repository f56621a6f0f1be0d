import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Finding } from '../doctor/finding.ts'
import { examine } from '../doctor/index.ts'
import { type Common, pathOf, type Surroundings, withConfig, withData, withJson } from './command.ts'
import { entry, print, printJson } from './output.ts'

interface Options extends Common {
  config?: string
}

const help = `
Looks at everything between this machine and its console, beside an agent that
may be running. A line that ends in PROBLEM says how to mend it; one that ends
in note gives advice. Nothing is changed, and nothing secret is shown.

Exit codes: 0 no problem, 1 problem found, 2 usage, 3 needs admin.`

export function doctor(program: Command, surroundings: Surroundings): void {
  const command = program.command('doctor').description('what stands between this machine and its console, and the fix')
  withJson(withConfig(withData(command, surroundings)))
    .addHelpText('after', help)
    .action(async ({ data, config, json }: Options) => {
      const { openHost, readConfig, exitWith } = surroundings
      const readIts = () => readConfig(config)
      const places = { path: resolve(data), configFile: pathOf(config) }
      const findings = await examine({ host: openHost(), ...places, readConfig: readIts })
      if (json === true) printJson(findings)
      else print(describe(findings))
      exitWith(findings.every(({ ok }) => ok) ? 0 : 1)
    })
}

function describe(findings: readonly Finding[]): string {
  const problems = findings.filter(({ ok }) => !ok).length
  const sum = problems === 0 ? 'No problem.' : `${problems} problem${problems > 1 ? 's' : ''}.`
  return [...findings.map(lines), `${sum} ${findings.length} things were looked at.`].join('\n')
}

function lines({ name, ok, says, fix }: Finding): string {
  const [label = '', ...source] = name.split(':')
  const text = source.length > 0 ? `${source.join(':')}: ${says}` : says
  const line = entry({ label, says: text, outcome: !ok ? 'PROBLEM' : fix === undefined ? 'ok' : 'note' })
  return fix === undefined ? line : `${line}\n${entry({ label: '', says: `Fix: ${fix}` })}`
}
