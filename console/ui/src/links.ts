import type { Href } from './ui/link.tsx'

/** The one place where text becomes an address. Callers give parts; each part is encoded here. */
function made(...parts: readonly string[]): Href {
  // Made from constants and encoded parts, so it stays inside the console: that is what the type says.
  return `/${parts.map(encodeURIComponent).join('/')}` as Href
}

function withQuery(href: Href, values: Record<string, string | undefined>): Href {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== '') query.set(name, value)
  const text = query.toString()
  return (text === '' ? href : `${href}?${text}`) as Href
}

/** What the search page shows; all of it stands in the address. */
export interface SearchUrl {
  q: string
  from: string
  to: string
  order: 'newest' | 'oldest'
  record: string
}

const searchStart: SearchUrl = { q: '', from: '-24h', to: '', order: 'newest', record: '' }

export function readSearchUrl(query: URLSearchParams): SearchUrl {
  return {
    q: query.get('q') ?? '',
    from: query.get('from') ?? searchStart.from,
    to: query.get('to') ?? '',
    order: query.get('order') === 'oldest' ? 'oldest' : 'newest',
    record: query.get('record') ?? '',
  }
}

/** Filters of the queue and what is open beside it. Lists are joined by commas; their values contain none. */
export interface FindingsUrl {
  verdicts: readonly string[]
  detectors: readonly string[]
  severities: readonly string[]
  host: string
  open: string
  record: string
}

export const findingsStart: FindingsUrl = {
  verdicts: ['open', 'inconclusive', 'confirmed'],
  detectors: [],
  severities: [],
  host: '',
  open: '',
  record: '',
}

const list = (text: string | null): readonly string[] => (text === null || text === '' ? [] : text.split(','))

export function readFindingsUrl(query: URLSearchParams): FindingsUrl {
  return {
    verdicts: query.has('verdict') ? list(query.get('verdict')) : findingsStart.verdicts,
    detectors: list(query.get('row')),
    severities: list(query.get('severity')),
    host: query.get('host') ?? '',
    open: query.get('open') ?? '',
    record: query.get('record') ?? '',
  }
}

function findingsHref(state: Partial<FindingsUrl>): Href {
  const { verdicts, detectors, severities, host, open, record } = { ...findingsStart, ...state }
  const usual = verdicts.join() === findingsStart.verdicts.join()
  return withQuery(made('findings'), {
    verdict: usual ? undefined : verdicts.length === 0 ? 'none' : verdicts.join(),
    row: detectors.join(),
    severity: severities.join(),
    host,
    open,
    record,
  })
}

export type HostTab = 'summary' | 'events' | 'processes' | 'network' | 'logins' | 'health'
export type IndicatorTab = 'list' | 'import' | 'sightings' | 'sweep'
export type IncidentTab = 'overview' | 'facts' | 'findings' | 'packages'
export type SettingsSection = 'profile' | 'broker' | 'people' | 'keys' | 'about'

/** A path to return to after sign-in: only one of ours, never `//host` or `\host`. */
export function backTo(text: string | null): Href {
  const inside = text !== null && /^\/(?![/\\])/.test(text) && !text.startsWith('/login')
  return (inside ? text : '/') as Href
}

export const links = {
  overview: made(),
  setup: made('setup'),
  login: (back = '') => withQuery(made('login'), { back: back === '/' ? '' : back }),
  hosts: ({ status = '', name = '' } = {}) => withQuery(made('hosts'), { status, name }),
  /** `record`: the one that is open beside the events of the tab. */
  host: (id: string, tab: HostTab = 'summary', record = '') =>
    withQuery(tab === 'summary' ? made('hosts', id) : made('hosts', id, tab), { record }),
  enrol: made('enrol'),
  findings: findingsHref,
  finding: (id: string) => made('findings', id),
  search(state: Partial<SearchUrl> = {}): Href {
    const { q, from, to, order, record } = { ...searchStart, ...state }
    return withQuery(made('search'), {
      q,
      from: from === searchStart.from && to === '' ? '' : from,
      to,
      order: order === 'newest' ? '' : order,
      record,
    })
  },
  record: (id: string) => made('records', ...id.split('/')),
  /** `open`: the sighting beside the list; `record`: one of its records in its place. */
  indicators: (tab: IndicatorTab = 'list', indicator = '', { open = '', record = '' } = {}) =>
    withQuery(tab === 'list' ? made('indicators') : made('indicators', tab), { indicator, open, record }),
  /** The import form with a value already in it. */
  indicatorOf: (value: string) => withQuery(made('indicators', 'import'), { value }),
  incidents: made('incidents'),
  incident: (id: string, tab: IncidentTab = 'overview') =>
    tab === 'overview' ? made('incidents', id) : made('incidents', id, tab),
  package: (incident: string, id: string) => made('incidents', incident, 'packages', id),
  verify: made('verify'),
  settings: (section: SettingsSection = 'profile') =>
    section === 'profile' ? made('settings') : made('settings', section),
}

/** The file itself; the browser downloads it, the router does not open it. */
export function packageFile(id: string): string {
  return `/api/v1/packages/${encodeURIComponent(id)}/download`
}
