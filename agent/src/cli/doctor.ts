import { resolve } from 'node:path'
import { type MatrixRow, matrixOf, otherResources } from '@tidewaiter/protocol'
import type { Command } from 'commander'
import { factsOf } from '../collectors/facts.ts'
import { isHeld, lookInto } from '../data-folder.ts'
import type { Finding } from '../doctor/finding.ts'
import { examine } from '../doctor/index.ts'
import { type Note, readStatus } from '../status.ts'
import { type Common, pathOf, type Surroundings, withConfig, withData, withJson } from './command.ts'
import { entry, print, printJson } from './output.ts'

interface Options extends Common {
  config?: string
  matrix?: boolean
}

const help = `
Looks at everything between this machine and its console, beside an agent that
may be running. A line that ends in PROBLEM says how to mend it; one that ends
in note gives advice. Nothing is changed, and nothing secret is shown.

With --matrix: what this machine gives of each investigative resource of CBP
Pub. 3526-0124, what has to be switched on for it, and what nobody would see.

Exit codes: 0 no problem, 1 problem found, 2 usage, 3 needs admin.`

export function doctor(program: Command, surroundings: Surroundings): void {
  const command = program.command('doctor').description('what stands between this machine and its console, and the fix')
  withJson(withConfig(withData(command, surroundings)))
    .option('--matrix', "what is taken here of CBP's investigative resources, and what is not")
    .addHelpText('after', help)
    .action(async ({ data, config, json, matrix = false }: Options) => {
      const { openHost, collectors, readConfig, exitWith } = surroundings
      if (matrix) {
        const rows = matrixOf(factsOf(collectors, openHost().platform), noteIn(resolve(data))?.status.sources)
        if (json === true) printJson(rows)
        else print(describeMatrix(rows))
        return
      }
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

/** What a running agent left; undefined where none runs. */
function noteIn(path: string): Note | undefined {
  return isHeld(path) ? readStatus(lookInto(path)) : undefined
}

const outcomes: Record<MatrixRow['state'], string> = {
  ok: 'is taken',
  'not-enabled': 'gives nothing: not enabled',
  failed: 'gives nothing: it fails',
  'not-taken': 'is not taken on this platform',
  'nothing-yet': 'gave nothing yet: its first turn has not come, or it is switched off',
  unknown: 'is not known: no agent runs on this folder',
}

function describeMatrix(rows: readonly MatrixRow[]): string {
  const parts = [...Map.groupBy(rows, ({ resource }) => resource)].flatMap(([resource, own]) => [
    resource,
    ...own.map(describeRow),
    '',
  ])
  return [...parts, ...otherResources.map((resource) => `${resource}\n  No agent can take this.`)].join('\n')
}

function describeRow({ collector, state, sources, fixes, reads, needs, cannotSee, provenOn }: MatrixRow): string {
  const count = sources.of > 1 ? ` (${sources.ok} of ${sources.of} sources)` : ''
  return [
    entry({ label: collector, says: `${outcomes[state]}${count}` }),
    ...fixes.map((fix) => entry({ label: '  fix', says: fix })),
    entry({ label: '  reads', says: reads }),
    entry({ label: '  needs', says: needs }),
    entry({ label: '  blind to', says: cannotSee }),
    entry({ label: '  proven on', says: provenOn }),
  ].join('\n')
}
