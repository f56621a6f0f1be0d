import { runFaults } from './faults/run.ts'
import { buildScreens } from './support/screens.ts'
import { finish, run, runProject, runUnitTests } from './support/steps.ts'

/** Everything that fits into twenty minutes on two cores. */
const steps = [
  run('format and lint', 'biome', ['check', '--error-on-warnings', '.']),
  run('types', 'tsc', ['-b']),
  run('unused code', 'knip', []),
  buildScreens(),
  runUnitTests(),
  runProject('machine'),
  runProject('integration'),
  runFaults(),
  runProject('browser'),
]
finish(steps)
