import { runFaults } from './faults/run.ts'
import { runFuzz } from './fuzz.ts'
import { finish } from './support/steps.ts'

// What does not fit into `npm test`; the last result is kept in long.md.
process.env.TIDEWAITER_DEATHS = '200'
finish([runFaults(20), runFuzz(1_000_000)])
