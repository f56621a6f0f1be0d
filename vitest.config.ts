import { defineConfig } from 'vitest/config'

/** Tests of what this machine really does, and of what is slow on purpose: processes, watched files, a full disk, scrypt. */
const onMachine = '**/*.machine.test.ts'
/** Thousands of made-up cases against a model, or every format against bytes that are none. */
const ofModel = '**/*.model.test.ts'

const unit = (name: string, root: string) => ({
  test: {
    name,
    root,
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', onMachine, ofModel],
    pool: 'forks' as const,
    isolate: false,
    testTimeout: 20_000,
  },
})

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      unit('protocol', 'protocol'),
      unit('agent', 'agent'),
      unit('server', 'console/server'),
      unit('ui', 'console/ui'),
      unit('packaging', 'packaging'),
      {
        test: {
          name: 'machine',
          include: ['agent', 'console', 'protocol'].flatMap((room) => [`${room}/${onMachine}`, `${room}/${ofModel}`]),
          pool: 'forks',
          testTimeout: 60_000,
        },
      },
      // What crosses a package border: real processes and sockets, which mostly wait for each other, so longer limits.
      {
        test: {
          name: 'integration',
          root: 'test',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', 'faults/**'],
          pool: 'forks',
          testTimeout: 240_000,
        },
      },
      // Everything that can go wrong between a source and the ledger. Most of it waits: files run side by side.
      {
        test: {
          name: 'faults',
          root: 'test',
          include: ['faults/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'browser',
          root: 'test',
          include: ['**/*.e2e.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 240_000,
        },
      },
    ],
  },
})
