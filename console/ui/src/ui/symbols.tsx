/** Every symbol, drawn in currentColor, once on the page. Changing a severity or status shape needs a new greyscale check. */
const shapes = {
  critical: <path d="M6 .6 11.4 6 6 11.4.6 6z" />,
  high: <path d="M6 .9 11.6 11H.4z" />,
  medium: <path d="M1.5 1.5h9v9h-9z" />,
  low: <circle cx="6" cy="6" r="4.8" />,
  info: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />,
  ok: <path d="m1.5 6.4 3.2 3.2L10.6 2.6" fill="none" stroke="currentColor" strokeWidth="2" />,
  no: <path d="m2 2 8 8M10 2l-8 8" fill="none" stroke="currentColor" strokeWidth="2" />,
  online: <circle cx="6" cy="6" r="4.5" />,
  silent: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  lagging: (
    <>
      <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2a4 4 0 0 0 0 8z" />
    </>
  ),
  degraded: (
    <>
      <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="m3 9 6-6" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  outdated: <path d="M6 10.5v-8M2.8 5.4 6 2.2l3.2 3.2" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  pending: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 2" />,
  wait: <path d="M2 6h8" fill="none" stroke="currentColor" strokeWidth="2" />,
}

const icons = {
  overview: <path d="M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z" />,
  hosts: <path d="M2 3h12v8H2zM6 13.5h4M8 11v2.5" />,
  enrol: <path d="M8 2v8M5 7l3 3 3-3M2.5 12v1.5h11V12" />,
  findings: <path d="M3.5 14V2.5h8l-1.5 3 1.5 3h-8" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3 3" />
    </>
  ),
  indicators: (
    <>
      <circle cx="8" cy="8" r="5" />
      <path d="M8 1v4M8 11v4M1 8h4M11 8h4" />
    </>
  ),
  incidents: <path d="M8 1.8 13.5 4v4c0 3-2.2 5.2-5.5 6.4C4.7 13.2 2.5 11 2.5 8V4z" />,
  verify: (
    <>
      <path d="M4 1.8h5l3 3v9.4H4zM9 1.8v3h3" />
      <path d="m6 9.4 1.5 1.5 2.7-3" />
    </>
  ),
  settings: (
    <>
      <path d="M2 5h6M11 5h3M2 11h3M8 11h6" />
      <circle cx="9.5" cy="5" r="1.5" />
      <circle cx="6.5" cy="11" r="1.5" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M6.2 6.2c.2-2.3 3.7-2.1 3.6.1 0 1.3-1.7 1.4-1.8 2.7M8 11.3v.1" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.5V8l2.5 1.5" />
    </>
  ),
  down: <path d="m4 6 4 4 4-4" />,
  right: <path d="m6 4 4 4-4 4" />,
  left: <path d="m10 4-4 4 4 4" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5v11a5.5 5.5 0 0 0 0-11z" fill="currentColor" />
    </>
  ),
  file: <path d="M4 1.8h5l3 3v9.4H4zM9 1.8v3h3" />,
  key: (
    <>
      <circle cx="5" cy="11" r="3" />
      <path d="m7.2 8.8 6-6M11 5l2 2" />
    </>
  ),
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />,
  plus: <path d="M8 3v10M3 8h10" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.3v4M8 4.7v.1" />
    </>
  ),
}

export type ShapeName = keyof typeof shapes
export type IconName = keyof typeof icons

/** A filled mark of 12 px: severity, status, done or not. Always beside its word. */
export function Shape({ name, className = '' }: { name: ShapeName; className?: string }) {
  return (
    <svg className={`g ${className}`} viewBox="0 0 12 12" aria-hidden="true">
      {shapes[name]}
    </svg>
  )
}

/** A line icon of 16 px. Always beside a word, or with a hidden one. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
      {icons[name]}
    </svg>
  )
}

/** The hatch that means "we do not know"; strips and charts point to it by its id. */
export function HatchPattern() {
  return (
    <svg className="vh" width="0" height="0" aria-hidden="true">
      <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0v5" className="hatch-line" />
      </pattern>
    </svg>
  )
}

/** The product's mark. */
export function Mark() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className="mark">
      <rect width="20" height="20" rx="4" className="mark-ground" />
      <path d="M4 4.5h3M4 7.5h5M4 10.5h3M13.5 4v6" />
      <path d="M3.5 15c1.6-2 3.2-2 4.7-.3s3 1.6 4.5-.2 2.5-1.7 3.8-.5" />
    </svg>
  )
}
