import { useParams, useRouterState } from '@tanstack/react-router'
import { useMemo } from 'react'

/** The query of the current address. */
export function useUrlQuery(): URLSearchParams {
  const text = useRouterState({ select: (state) => state.location.searchStr })
  return useMemo(() => new URLSearchParams(text), [text])
}

/** A part of the current path by the name it has in `routes.tsx`; empty when the route has none. */
export function useParam(name: string): string {
  // Without a registered router the parameters are untyped; they are text or absent.
  const params = useParams({ strict: false }) as Record<string, string | undefined>
  return params[name] ?? ''
}

export function usePath(): string {
  return useRouterState({ select: (state) => state.location.pathname })
}
