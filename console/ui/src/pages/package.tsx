import { useQuery } from '@tanstack/react-query'
import type { PackageRow } from '@tidewaiter/protocol/api'
import type { ReactNode } from 'react'
import { packageQuery } from '../api/incidents.ts'
import { useBlocked, useTopics } from '../api/live.ts'
import { BuildProgress, buildPauseMs } from '../components/package/build-progress.tsx'
import { packageStateWords, profileWords } from '../components/package/words.ts'
import { Page } from '../components/page.tsx'
import { Skeleton, Stateful } from '../components/stateful.tsx'
import { links, packageFile } from '../links.ts'
import { Button } from '../ui/button.tsx'
import { bytesText } from '../ui/numbers.ts'
import { useParam } from '../ui/url.ts'
import { BuiltPackage } from './package/built-package.tsx'
import { NotBuilt } from './package/not-built.tsx'
import { Steps } from './package/steps.tsx'

/** One package: how far its build is, or what was built and how anyone can verify it. */
export function PackagePage() {
  const id = useParam('package')
  const incident = useParam('id')
  const query = useQuery({
    ...packageQuery(id),
    refetchInterval: ({ state }) => (state.data?.state === 'building' ? buildPauseMs : false),
  })
  useTopics(`package:${id}`)
  const row = query.data
  const name = row === undefined ? 'Package' : `Package P-${row.number}`
  return (
    <Page
      title={name}
      crumbs={[
        { text: 'Incidents', to: links.incidents },
        { text: incident, to: links.incident(incident) },
        { text: 'Packages', to: links.incident(incident, 'packages') },
      ]}
      sub={row && `${profileWords[row.profile]} · TLP:${row.tlp} · ${packageStateWords[row.state].toLowerCase()}`}
      actions={row?.state === 'built' ? <Download row={row} /> : undefined}
    >
      <Stateful query={query} noun="the package" skeleton={<Skeleton rows={8} />}>
        {(shown) => (
          <>
            <Steps state={shown.state} />
            <div role="status" className="vh">
              {name} is {packageStateWords[shown.state].toLowerCase()}
            </div>
            {bodyOf(shown)}
          </>
        )}
      </Stateful>
    </Page>
  )
}

function bodyOf(row: PackageRow): ReactNode {
  if (row.state === 'building') return <BuildProgress row={row} />
  return row.state === 'built' ? <BuiltPackage row={row} /> : <NotBuilt row={row} />
}

/** The browser downloads it itself, however large it is. */
function Download({ row: { id, bytes } }: { row: PackageRow }) {
  const blocked = useBlocked()
  const text = bytes === null ? 'Download' : `Download ${bytesText(bytes)}`
  if (blocked !== undefined)
    return (
      <Button kind="primary" blocked={blocked}>
        {text}
      </Button>
    )
  return (
    <a className="btn primary" href={packageFile(id)} download>
      {text}
    </a>
  )
}
