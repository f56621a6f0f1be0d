import { useQuery } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { meQuery } from '../api/people.ts'
import { Bare } from './bare.tsx'

/** Its menus are a quarter of all code: who only signs in or verifies a package does without. */
const Shell = lazy(() => import('./shell/shell.tsx').then(({ Shell }) => ({ default: Shell })))

/** The shell for those who are signed in; a bare page for those who only verify a package. */
export function Frame() {
  const isSignedIn = useQuery({ ...meQuery, enabled: false }).data !== undefined
  if (isSignedIn)
    return (
      <Suspense>
        <Shell>
          <Outlet />
        </Shell>
      </Suspense>
    )
  return (
    <Bare wide>
      <Outlet />
    </Bare>
  )
}
