import { links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { questions } from './questions.ts'

/** Before anything is asked: questions to start from. Never a search for everything. */
export function Landing() {
  return (
    <section aria-labelledby="ask">
      <h2 id="ask">Ask one of these, or write a query</h2>
      <ul className="questions">
        {questions.map(({ text, q, from }) => (
          <li key={q}>
            <Link to={links.search({ q, from })}>
              <b>{text}</b>
              <span className="meta mono">{q}</span>
            </Link>
          </li>
        ))}
      </ul>
      <p className="meta">
        A query is fields and words joined by a space:{' '}
        <span className="mono">user.name:abiadmin not source.ip:192.0.2.0/24</span>. A space means AND;{' '}
        <span className="mono">or</span>, <span className="mono">not</span> and brackets work; an address or a hash
        alone is found wherever it stands.
      </p>
    </section>
  )
}
