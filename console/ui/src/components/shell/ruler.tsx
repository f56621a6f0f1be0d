const divisions = Array.from({ length: 13 }, (_, at) => at)

/** Time that runs: twelve divisions, six hours each on the notice's clock; every fourth is longer. */
export function Ruler({ share }: { share: number }) {
  const x = (at: number) => 2.5 + at * 8.92
  const now = 2 + share * 107
  return (
    <svg className="ruler" aria-hidden="true" viewBox="0 0 112 16">
      <line x1="2" x2="110" y1="11.5" y2="11.5" />
      {divisions.map((at) => (
        <line key={at} x1={x(at)} x2={x(at)} y1={at % 4 === 0 ? 4 : 8} y2="12" />
      ))}
      <rect className="run" x="2" y="12" width={share * 107} height="3" />
      <line className="now" x1={now} x2={now} y1="2" y2="15" />
    </svg>
  )
}
