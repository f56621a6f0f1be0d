import type { ReactNode } from 'react'
import { Page } from '../components/page.tsx'
import { links, type SettingsSection } from '../links.ts'
import { Tabs } from '../ui/tabs.tsx'
import { useParam } from '../ui/url.ts'
import { About } from './settings/about.tsx'
import { BrokerSection } from './settings/broker-section.tsx'
import { KeysSection } from './settings/keys-section.tsx'
import { PeopleSection } from './settings/people-section.tsx'
import { Profile } from './settings/profile.tsx'

const sections: readonly { id: SettingsSection; text: string; shown: () => ReactNode }[] = [
  { id: 'profile', text: 'Profile', shown: () => <Profile /> },
  { id: 'broker', text: 'Broker', shown: () => <BrokerSection /> },
  { id: 'people', text: 'People', shown: () => <PeopleSection /> },
  { id: 'keys', text: 'Keys', shown: () => <KeysSection /> },
  { id: 'about', text: 'About', shown: () => <About /> },
]

/** How the screens look, who may sign in, the console's keys, and what this version can do. */
export function SettingsPage() {
  const wanted = useParam('section')
  const current = sections.find(({ id }) => id === wanted) ?? sections[0]
  return (
    <Page title="Settings">
      <Tabs
        label="Settings"
        tabs={sections.map(({ id, text }) => ({ to: links.settings(id), text, isCurrent: id === current?.id }))}
      />
      {current?.shown()}
    </Page>
  )
}
