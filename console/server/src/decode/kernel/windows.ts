import { defined, type Row, textIn } from '../row.ts'
import type { Kind, Said } from '../system-row.ts'
import { windowsName } from '../windows-row.ts'

/** Rows of Win32_SystemDriver. */
export const windowsDrivers: Readonly<Record<string, Kind>> = { driver: { category: 'driver', say: sayDriver } }

function sayDriver(row: Row): Said | undefined {
  const [name, path] = [textIn(row, 'Name'), textIn(row, 'PathName')]
  if (name === undefined) return undefined
  return {
    message: path === undefined ? name : `${name}: ${path}`,
    fields: path === undefined ? {} : { file: { path, name: windowsName(path) } },
    more: {
      module: defined({
        name,
        display_name: textIn(row, 'DisplayName'),
        start: textIn(row, 'StartMode'),
        state: textIn(row, 'State'),
      }),
    },
  }
}
