import { runFaults } from './faults/run.ts'
import { finish, runProject } from './support/steps.ts'

// What does not fit into `npm test`; the last result is kept in long.md.
process.env.TIDEWAITER_DEATHS = '200'
finish([runProject('integration', 'slice/sudden-death'), runFaults(20)])
