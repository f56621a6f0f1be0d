import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { root } from './root.ts'

/** What one step found. A step that runs no test of its own counts as one. */
export interface Counts {
  name: string
  passed: number
  failed: number
  skipped: number
  /** Tests that stand on fixtures written from documentation, which nobody recorded. */
  fromDocs: number
  notes: string[]
}

interface Result {
  fullName: string
  status: string
  failureMessages: string[]
}

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  numFailedTestSuites: number
  success: boolean
  testResults: { name: string; message: string; assertionResults: Result[] }[]
}

/** Runs a tool of this workspace on the pinned Node, its output passed through. @param tool its name, or the path of one that only a part of the workspace has */
export function run(name: string, tool: string, args: readonly string[]): Counts {
  console.log(`\n== ${name}: ${tool} ${args.join(' ')}`)
  const started = performance.now()
  const report = join(tmpdir(), `tidewaiter-${process.pid}-${Math.random().toString(36).slice(2)}.json`)
  const reporters = tool === 'vitest' ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : []
  const { status } = spawnSync(resolve(root, 'node_modules', '.bin', tool), [...args, ...reporters], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: [dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    },
  })
  console.log(`== ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  const plain = { name, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0, fromDocs: 0, notes: [] }
  return tool === 'vitest' ? countTests(plain, report) : plain
}

function countTests(plain: Counts, file: string): Counts {
  const report = readReport(file)
  if (report === undefined) return { ...plain, passed: 0, failed: 1 }
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, file: name })),
  )
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
  return {
    name: plain.name,
    passed: report.numPassedTests,
    // A file that could not even be loaded has no tests to count, and must not pass.
    failed:
      report.numFailedTests +
      (report.numFailedTests === 0 && plain.failed > 0 ? Math.max(1, report.numFailedTestSuites) : 0),
    skipped: skipped.length,
    fromDocs: tests.filter(({ file: name }) => name.includes('.from-docs.')).length,
    notes: [
      ...skipped.map(({ fullName }) => `skipped: ${fullName}`),
      ...tests
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => `failed: ${fullName}\n${opening(failureMessages.join('\n'))}`),
      // A file that could not be loaded tells why in the file's own message.
      ...report.testResults
        .filter(({ message, assertionResults }) => message !== '' && assertionResults.length === 0)
        .map(({ name, message }) => `failed: ${name}\n${opening(message)}`),
    ],
  }
}

/** Enough of a failure to know it by, at the end of a long output. */
function opening(message: string): string {
  const lines = stripVTControlCharacters(message).split('\n')
  const ours = lines.filter((line) => !line.includes('node_modules')).slice(0, 12)
  return ours.map((line) => `  ${line.slice(0, 300)}`).join('\n')
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  } finally {
    rmSync(file, { force: true })
  }
}

/** Prints what was skipped and what failed by name, the sum as the last line, and ends with 1 when anything failed. */
export function finish(steps: readonly Counts[]): never {
  const sum = (pick: (step: Counts) => number) => steps.reduce((total, step) => total + pick(step), 0)
  console.log('')
  for (const { notes } of steps) for (const note of notes) console.log(note)
  for (const { name, failed } of steps) if (failed > 0) console.log(`failed: ${name}`)
  console.log(
    `${sum(({ fromDocs }) => fromDocs)} of these stand on fixtures written from documentation, never recorded`,
  )
  console.log(
    `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed, ${sum(({ skipped }) => skipped)} skipped`,
  )
  process.exit(sum(({ failed }) => failed) === 0 ? 0 : 1)
}

const units = ['protocol', 'agent', 'server', 'ui', 'packaging'].flatMap((name) => ['--project', name])

/** Every test that needs nothing but itself. */
export function runUnitTests(): Counts {
  return run('unit tests', 'vitest', ['run', ...units])
}

/** The tests of one project of vitest.config.ts. @param file a part of the path of those that are meant */
export function runProject(name: string, ...file: string[]): Counts {
  return run(`${name} tests`, 'vitest', ['run', '--project', name, ...file])
}
