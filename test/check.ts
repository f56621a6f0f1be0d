import { finish, run, runUnitTests } from './support/steps.ts'

/** Format, lint, types and unit tests: what is run before every commit, in under a minute. */
const steps = [
  run('format and lint', 'biome', ['check', '--error-on-warnings', '.']),
  run('types', 'tsc', ['-b']),
  runUnitTests(),
]
finish(steps)
