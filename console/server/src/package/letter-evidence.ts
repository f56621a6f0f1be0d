import { isOfAgent, parseHead } from '@tidewaiter/protocol'
import { type Gap, gapsOf } from '@tidewaiter/protocol/gaps'
import { silentHost } from '../index/host-coverage.ts'
import { nothingLeftOut, unreadableText } from '../index/left-out.ts'
import type { PackageContent } from './content.ts'
import { coverageRank } from './coverage-rank.ts'
import type { HostState } from './cut-state.ts'
import { type Block, heading, list, paragraph, table } from './page.ts'
import { investigativeResources } from './resources.ts'
import { shown } from './shown.ts'

/** Holes in the coverage that stand in the letter, and sources of one; all are in the table of coverage. */
const mostGaps = 100
const mostSources = 20

/** What was looked at and what was not: without it "nothing found" says nothing. */
export function coverageBlocks({ state }: PackageContent): Block[] {
  const gaps = state.hosts
    .flatMap((host) => gapsOfHost(host).map((gap) => ({ host, gap })))
    .sort((a, b) => coverageRank(a.gap) - coverageRank(b.gap))
    .map(({ host, gap }) => gapRow(host, gap))
  const behind = state.cut.size - state.indexed
  const { leftOut = nothingLeftOut } = state
  return [
    heading('Coverage and gaps'),
    table(
      'Hosts known to this console',
      [
        'Host',
        'Id',
        'System',
        'Agent since, or how it came',
        'Clock against the console',
        'Sources covered throughout',
      ],
      state.hosts.map((host) => [
        shown(host.name),
        host.id,
        shown(host.os),
        custodyOf(host),
        host.clockOffsetMs === null ? 'not measured' : `${host.clockOffsetMs} ms`,
        sourcesOf(host),
      ]),
    ),
    table(
      'Gaps: what was not covered',
      ['Host', 'Source', 'State', 'From', 'To', 'Lost', 'Why'],
      gaps.slice(0, mostGaps),
    ),
    ...(gaps.length > mostGaps ? [paragraph(`${gaps.length - mostGaps} more gaps stand in 75_coverage.csv.`)] : []),
    ...(behind > 0
      ? [paragraph(`The search index had not yet read the last ${behind} of ${state.cut.size} batches.`)]
      : []),
    ...(leftOut.batches > 0 ? [paragraph(unreadableText(leftOut))] : []),
    table("CBP's investigative resources", ['Resource', 'In this package'], investigativeResources),
    paragraph(
      'What the agent of each host takes of them, what it needs for that and what it cannot see, in its own words: 76_resources.csv.',
    ),
    paragraph(
      'Never recorded by an agent: keys typed, screens, passwords; what a program itself wrote of them into a log, or somebody into a command line, stands in the records as it was. Hosts without an agent, of which nothing was imported either, are not in this list and were not looked at. ' +
        'A host that was taken over can lie from that moment on; no seal can show that.',
    ),
  ]
}

/** What is known of how its evidence came here. */
function custodyOf({ kind, enrolledAt, lineage }: HostState): string {
  if (kind === 'import') return `no agent: files, hashed on receipt, origin not proven; first ${enrolledAt}`
  if (kind !== 'collection') return enrolledAt
  const machine = lineage === null ? 'on which machine is not proven' : 'its enrolled agent signed for the machine'
  return `no agent: offline collection, imported ${enrolledAt}; ${machine}`
}

/** Covered from its first span to its last one; a source that is not asked any more, or could not be, is none of them. */
function sourcesOf({ coverage }: HostState): string {
  const own = coverage.filter(({ id }) => !id.startsWith('index:') && !isOfAgent(id) && id !== silentHost)
  if (own.length === 0) return 'nothing was received from it'
  const sources = [...Map.groupBy(own, ({ id }) => id).values()]
  const covered = sources.filter((spans) => spans.every(({ state }) => state === 'covered'))
  return `${covered.length} of ${sources.length}`
}

/** Oldest first. What was lost stands source by source; a host that was off is one gap, not one for each of its sources. */
function gapsOfHost({ coverage }: HostState): Gap[] {
  const isLost = ({ state }: { state: string }) => state === 'lost'
  const losses = coverage.filter(isLost).map(({ id, ...span }) => ({ ...span, sources: [id] }))
  return [...losses, ...gapsOf(coverage.filter((span) => !isLost(span))).reverse()]
}

function gapRow({ name }: HostState, { sources, state, from, to, lost, why }: Gap): string[] {
  const more = sources.length > mostSources ? ` and ${sources.length - mostSources} more in 75_coverage.csv` : ''
  const ids = `${sources.slice(0, mostSources).map(shown).join(', ')}${more}`
  return [shown(name), ids, state, from, to, lost === null ? 'not known' : String(lost), shown(why ?? '')]
}

/** What is proven, what is withheld, and how to check both. */
export function evidenceBlocks({ state, disclosure, incident, number, signer }: PackageContent): Block[] {
  const { hosts, records, cites, withheld, strange } = disclosure
  return [
    heading('Evidence in this package'),
    paragraph(
      `${records.length} of ${cites.size} cited records are disclosed, each whole and with its proof. Nothing else of the ` +
        'batches they are in is disclosed but their headers. Importer numbers are masked in tables and in this letter, never in a record.',
    ),
    table(
      'Hosts whose records are disclosed',
      ['Host', 'Id', 'Records', 'Batches', 'Headers', 'Batches never received'],
      hosts.map(({ card, records: count, headers }) => [
        shown(card.name),
        card.id,
        String(count),
        `${card.span.from} to ${card.span.to}`,
        String(headers),
        card.gaps.map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`)).join(', ') || 'none',
      ]),
    ),
    ...(withheld.length > 0
      ? [
          table(
            'Cited and withheld',
            ['Record', 'Why'],
            withheld.map(({ record, why }) => [record, shown(why)]),
          ),
        ]
      : []),
    ...(strange.length > 0 ? [paragraph(`Cited, but no records: ${strange.map(shown).join(', ')}.`)] : []),
    heading('How to check it'),
    list([
      'On a computer without network: 00_README.txt, three steps with sha256sum and openssl.',
      `Package ${incident.id} / P-${number} is signed with the key ${signer.replaceAll(/(.{4})(?=.)/g, '$1 ')}. Compare it by telephone, on a number you already have.`,
      `Ledger ${state.cut.ledger}, ${state.cut.size} entries at the cut; audit log up to line ${state.cut.audit}.`,
      ...(state.restored ?? []).map(restoredLine),
      `Made by ${state.software}: SHA-256 and ECDSA P-256.`,
    ]),
  ]
}

/** What was lost with a console and taken again is said: neither clean nor tampered with. */
function restoredLine({ head, refed }: NonNullable<PackageContent['state']['restored']>[number]): string {
  const { ledger, size } = parseHead(head)
  return `This ledger was restored from ledger ${ledger} as it stood with ${size} entries. What it lacked was asked of the hosts again: ${refed} batches came. What did not come is among what is lost, under Coverage.`
}
