import { useTopics } from '../api/live.ts'
import { Page } from '../components/page.tsx'
import { type IndicatorTab, links } from '../links.ts'
import { Link } from '../ui/link.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useParam } from '../ui/url.ts'
import { ImportTab } from './indicators/import-tab.tsx'
import { ListTab } from './indicators/list-tab.tsx'
import { SightingsTab } from './indicators/sightings-tab.tsx'
import { SweepTab } from './indicators/sweep-tab.tsx'

const tabs: readonly { id: IndicatorTab; text: string; shown: () => React.ReactNode }[] = [
  { id: 'list', text: 'List', shown: () => <ListTab /> },
  { id: 'import', text: 'Import', shown: () => <ImportTab /> },
  { id: 'sightings', text: 'Sightings', shown: () => <SightingsTab /> },
  { id: 'sweep', text: 'Sweep', shown: () => <SweepTab /> },
]

/** What somebody judged bad, where it was met, and where it was looked for. */
export function IndicatorsPage() {
  const wanted = useParam('tab')
  const current = tabs.find(({ id }) => id === wanted) ?? tabs[0]
  useTopics('indicators')
  return (
    <Page
      title="Indicators"
      actions={
        current?.id === 'import' ? undefined : (
          <Link className="btn primary" to={links.indicators('import')}>
            Import indicators
          </Link>
        )
      }
    >
      <Tabs
        label="Indicators"
        tabs={tabs.map(({ id, text }) => ({ to: links.indicators(id), text, isCurrent: id === current?.id }))}
      />
      {current?.shown()}
    </Page>
  )
}
