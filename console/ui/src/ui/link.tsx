import { useRouter } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, MouseEvent } from 'react'

/** An address inside the console. Only `links.ts` makes one, so no text from a host can become a link. */
export type Href = string & { readonly made: 'links.ts' }

export function useGo(): (href: Href, how?: 'push' | 'replace') => void {
  const router = useRouter()
  return (href, how = 'push') => router.history[how](href)
}

function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
}

export function Link({ to, onClick, ...rest }: { to: Href } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  const go = useGo()
  return (
    <a
      {...rest}
      href={to}
      onClick={(event) => {
        onClick?.(event)
        if (event.defaultPrevented || !isPlainClick(event)) return
        event.preventDefault()
        go(to)
      }}
    />
  )
}
