import { defined, type Row, textIn } from './row.ts'
import type { Kind, Said } from './system-row.ts'

const most = { properties: 30, characters: 300 }

/** A row of Windows as it stands: its name, and its properties by their own names. */
export function propertiesKind(named: readonly string[], fieldsOf: (row: Row) => object = () => ({})): Kind {
  return {
    category: 'configuration',
    say(row): Said | undefined {
      const names = named.flatMap((name) => textIn(row, name) ?? [])
      if (names.length === 0) return undefined
      const others = Object.entries(row).filter(([name]) => name !== 'kind' && !named.includes(name))
      const said = others.slice(0, most.properties).map(([name, value]) => `${name} ${shown(value)}`)
      return {
        message: [names.join(' '), ...(said.length > 0 ? [said.join(', ')] : [])].join(': '),
        fields: defined({ ...fieldsOf(row) }) ?? {},
        more: { properties: Object.fromEntries(propertiesOf(row)) },
      }
    },
  }
}

function propertiesOf(row: Row): [string, string][] {
  return Object.entries(row)
    .filter(([name]) => /^[A-Za-z]{1,60}$/.test(name) && name !== 'kind')
    .slice(0, most.properties)
    .map(([name, value]) => [name, shown(value)])
}

function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.filter((each) => typeof each !== 'object').join(' ') : value
  return (typeof text === 'object' ? '' : `${text}`).slice(0, most.characters)
}
