import { defined, type Row, textIn } from '../row.ts'
import type { Kind, Said } from '../system-row.ts'

/** Extensions that run beside the kernel (systemextensionsctl). */
export const macosKernel: Readonly<Record<string, Kind>> = {
  'system-extension': { category: 'driver', say: sayExtension },
}

function sayExtension(row: Row): Said | undefined {
  const [name, team, state] = [textIn(row, 'name'), textIn(row, 'team'), textIn(row, 'state')]
  if (name === undefined) return undefined
  return {
    message: [name, state].filter((part) => part !== undefined).join(' '),
    more: {
      extension: defined({
        name,
        team,
        state: state?.replace(/^\[|\]$/g, ''),
        title: textIn(row, 'title'),
        version: textIn(row, 'version'),
        category: textIn(row, 'category'),
      }),
    },
  }
}
