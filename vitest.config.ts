import { defineConfig } from 'vitest/config'

const unit = (name: string, root: string) => ({
  test: {
    name,
    root,
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**'],
    pool: 'forks' as const,
  },
})

export default defineConfig({
  test: {
    projects: [
      unit('protocol', 'protocol'),
      unit('agent', 'agent'),
      unit('server', 'console/server'),
      unit('ui', 'console/ui'),
      unit('packaging', 'packaging'),
    ],
  },
})
