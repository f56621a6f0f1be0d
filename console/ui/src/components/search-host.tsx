import { links, type SearchUrl } from '../links.ts'
import { Link } from '../ui/link.tsx'
import { quoted } from './query/chips.ts'
import { useSharedNames } from './shared-names.ts'

interface Props {
  host: { id: string; name: string }
  /** What the button says. */
  text?: string
  within?: Pick<SearchUrl, 'from' | 'to' | 'order'>
}

/** Leads to the events of one host: by its name, or by its id where others have the same. */
export function SearchHost({ host: { id, name }, text = 'Search this host', within }: Props) {
  const isShared = useSharedNames().has(name.toLowerCase())
  return (
    <Link className="btn" to={links.search({ q: `host:${quoted(isShared ? id : name)}`, ...within })}>
      {text}
    </Link>
  )
}
