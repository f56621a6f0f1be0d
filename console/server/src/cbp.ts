/** The rows of CBP Pub. 3526-0124, Section 2, "Common IOCs", in its words and order. */
export const cbpRows = [
  'Unusual inbound or outbound network traffic',
  'Anomalies in privileged user account activity',
  'Geographical irregularities',
  'Other login red flags',
  'Increase in database read volume',
  'HTML response sizes (web/Internet)',
  'Multiple requests for same file',
  'Mismatched port-application traffic',
] as const

export type CbpRow = (typeof cbpRows)[number]
