import type { PackageContent } from './content.ts'
import { type Block, heading, paragraph, table } from './page.ts'
import { shown } from './shown.ts'

/**
 * Known indicators with their sightings; what was met and is no part of the incident, and what was not met; what is not
 * passed on. Where it was met elsewhere is not told.
 */
export function indicatorBlocks({ state, choice, notForwarded }: PackageContent): Block[] {
  const inIncident = new Set(state.sightings.map(({ indicator }) => indicator.id))
  const others = state.indicators.filter(({ id, expired }) => !inIncident.has(id) && !expired)
  const elsewhere = others.filter(({ sightings }) => sightings > 0).length
  const absent = others.length - elsewhere
  return [
    heading('Known indicators of compromise'),
    table(
      'Indicators that were met on our hosts and are part of this incident. Values are written so that they cannot be clicked',
      ['Type', 'Value', 'Source', 'Host', 'First seen', 'Last seen', 'Times'],
      state.sightings.map(({ observable, indicator, host, firstAt, lastAt, count }) => [
        observable.type,
        shown(observable.value),
        shown(indicator.source),
        shown(host.name),
        firstAt,
        lastAt,
        String(count),
      ]),
    ),
    ...(elsewhere > 0
      ? [
          paragraph(
            `${elsewhere} further indicators were met on our hosts too, and those sightings are not part of this incident. ` +
              'Ask us for them if you need them.',
          ),
        ]
      : []),
    paragraph(
      `${absent} further indicators were looked for in what is stored and not found; that says no more than the coverage ` +
        'below. All of them are in 30_iocs.csv and, as STIX 2.1, in 30_iocs.stix.json, with their values as they are.',
    ),
    ...(notForwarded > 0
      ? [paragraph(`Not passed on, for their own label is stricter than TLP:${choice.tlp}: ${notForwarded}.`)]
      : []),
  ]
}
