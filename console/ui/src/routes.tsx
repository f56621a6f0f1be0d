import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { whoIsThere, whyNotLoaded } from './api/session.ts'
import { Bare } from './components/bare.tsx'
import { Frame } from './components/frame.tsx'
import { Page } from './components/page.tsx'
import { ProblemNote } from './components/problem-note.tsx'
import { links } from './links.ts'
import { Delayed } from './ui/delayed.tsx'
import { Link } from './ui/link.tsx'

/** The map of the console: every address and its page. Pages are loaded when they are first opened. */

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => (
    <Bare>
      <NotHere />
    </Bare>
  ),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/setup.tsx'), 'SetupPage'),
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  beforeLoad: async () => {
    if ((await whoIsThere()) === 'sets-up') throw redirect({ href: links.setup })
  },
  component: lazyRouteComponent(() => import('./pages/login.tsx'), 'LoginPage'),
})

const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame, notFoundComponent: NotHere })

/** The one page of the frame that needs no account, and no console either once it is loaded. */
const verify = createRoute({
  getParentRoute: () => frame,
  path: '/verify',
  beforeLoad: () => whoIsThere().catch(() => 'nobody'),
  component: lazyRouteComponent(() => import('./pages/verify.tsx'), 'VerifyPage'),
})

const inside = createRoute({
  getParentRoute: () => frame,
  id: 'inside',
  beforeLoad: async ({ location }) => {
    const visitor = await whoIsThere()
    if (visitor === 'sets-up') throw redirect({ href: links.setup })
    if (visitor === 'nobody') throw redirect({ href: links.login(location.href) })
  },
})

/** The name that the console's first steps and older links use. */
const fleet = createRoute({
  getParentRoute: () => root,
  path: '/fleet',
  beforeLoad: () => {
    throw redirect({ href: links.enrol })
  },
})

const fetchPage: (() => void)[] = []

/** A page for people who are signed in. */
function page<P extends string, M extends Record<string, unknown>>(
  path: P,
  importer: () => Promise<M>,
  name: keyof M & string,
) {
  const component = lazyRouteComponent(() => importer().catch(whyNotLoaded), name)
  // Fetched before anybody goes there, a page opens at once, and also when the console is down by then.
  fetchPage.push(() => void component.preload?.())
  return createRoute({ getParentRoute: () => inside, path, component })
}

const pages = [
  page('/', () => import('./pages/overview.tsx'), 'OverviewPage'),
  page('/hosts', () => import('./pages/hosts.tsx'), 'HostsPage'),
  page('/hosts/$id/{-$tab}', () => import('./pages/host.tsx'), 'HostPage'),
  page('/enrol', () => import('./pages/enrol.tsx'), 'EnrolPage'),
  page('/findings', () => import('./pages/findings.tsx'), 'FindingsPage'),
  page('/findings/$id', () => import('./pages/finding.tsx'), 'FindingPage'),
  page('/search', () => import('./pages/search.tsx'), 'SearchPage'),
  page('/records/$host/$seq/$index', () => import('./pages/record.tsx'), 'RecordPage'),
  page('/indicators/{-$tab}', () => import('./pages/indicators.tsx'), 'IndicatorsPage'),
  page('/incidents', () => import('./pages/incidents.tsx'), 'IncidentsPage'),
  page('/incidents/$id/{-$tab}', () => import('./pages/incident.tsx'), 'IncidentPage'),
  page('/incidents/$id/packages/$package', () => import('./pages/package.tsx'), 'PackagePage'),
  page('/settings/{-$section}', () => import('./pages/settings.tsx'), 'SettingsPage'),
]

export const router = createRouter({
  routeTree: root.addChildren([setup, login, fleet, frame.addChildren([verify, inside.addChildren(pages)])]),
  // Addresses are written by links.ts and read by the pages: the router keeps them as they are.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(search as Record<string, string>).toString()
    return text === '' ? '' : `?${text}`
  },
  scrollRestoration: true,
  defaultPendingMs: 300,
  defaultPendingComponent: () => (
    <div className="page" aria-busy="true">
      <Delayed ms={300}>
        <p className="meta">Loading the page…</p>
      </Delayed>
    </div>
  ),
  defaultErrorComponent: Broken,
})

/** Fetches the other pages a while after the first one stands, once somebody is signed in. */
export function fetchPagesLater(): void {
  const stop = router.subscribe('onResolved', () => {
    if (!router.state.matches.some(({ routeId }) => routeId === inside.id)) return
    stop()
    setTimeout(() => {
      for (const fetch of fetchPage) fetch()
    }, fetchAfterMs)
  })
}

const fetchAfterMs = 3000

function NotHere() {
  return (
    <Page title="There is nothing here" sub="No page of this console has this address.">
      <p>
        It may have been copied only in part. <Link to={links.overview}>Go to the overview</Link>
      </p>
    </Page>
  )
}

function Broken({ error, reset }: ErrorComponentProps) {
  const again = () => {
    reset()
    void router.invalidate()
  }
  return (
    <div className="page">
      <h1>This page could not be shown</h1>
      <ProblemNote title="Stopped" error={error instanceof Error ? error : new Error(String(error))} retry={again} />
    </div>
  )
}
