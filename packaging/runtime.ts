/**
 * How the agent is started on a host: with these flags of Node and these settings of glibc. An agent at rest is small
 * with them; what each of them saves is told by `npm run bench -- --only rest`.
 */
export const runtime = {
  flags: [
    '--max-semi-space-size=1',
    '--optimize-for-size',
    // Compiled code is for backlogs: `agent/src/hot-loops.ts` turns it on.
    '--no-opt',
    '--no-maglev',
    '--no-sparkplug',
    '--v8-pool-size=1',
    // The agent itself says when memory is to be looked for: `agent/src/tidy.ts`.
    '--expose-gc',
    '--no-memory-reducer',
    '--bytecode-old-age=2',
  ],
  environment: {
    UV_THREADPOOL_SIZE: '2',
    MALLOC_ARENA_MAX: '1',
    // No thresholds: glibc raises its own as large memory is freed, for a backlog and not before (measured at rest: 2 MB).
  },
} as const
