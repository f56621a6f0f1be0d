import { join } from 'node:path'
import { root } from './root.ts'
import { type Counts, run } from './steps.ts'

/** Builds the console's screens, as `npm start` does. */
export function buildScreens(): Counts {
  const vite = join(root, 'console', 'ui', 'node_modules', '.bin', 'vite')
  return run('screens', vite, ['build', 'console/ui', '--logLevel', 'warn'])
}
