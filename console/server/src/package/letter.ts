import type { PackageContent } from './content.ts'
import { formatCut } from './cut.ts'
import { coverageBlocks, evidenceBlocks } from './letter-evidence.ts'
import { factBlocks } from './letter-facts.ts'
import { findingBlocks } from './letter-findings.ts'
import { indicatorBlocks } from './letter-indicators.ts'
import { type Block, heading, list, paragraph } from './page.ts'
import { visible } from './shown.ts'

/** The letter as a document: text and HTML are made from the same one. */
export interface Letter {
  title: string
  /** Stands above and below every page (TLP 2.0: header and footer, capitals, never translated). */
  marking: string
  /** Who, which incident, which package. */
  running: string
  blocks: Block[]
}

/** `10_letter`: the transmittal to CBP's SOC, in CBP's order; what is not known says so (ux.md 3.13). */
export function letterOf(content: PackageContent): Letter {
  const { incident, number, choice, state } = content
  const broker = visible(state.broker.name) || 'Broker (name not recorded)'
  const filer = state.broker.filerCode === '' ? '' : `, entry filer code ${visible(state.broker.filerCode)}`
  return {
    title: `Cyber incident ${incident.id}: evidence package P-${number}`,
    marking: `TLP:${choice.tlp}`,
    running: `${broker} · ${incident.id} · P-${number}`,
    blocks: [
      list([
        'To: U.S. Customs and Border Protection, Office of Information Technology, Security Operations Center (cbpsoc@cbp.dhs.gov, 703-921-6507)',
        `From: ${broker}${filer}`,
        `Incident: ${visible(incident.name)}, opened ${incident.openedAt}`,
        `As of: ${state.at} (cut ${formatCut(state.cut)})`,
      ]),
      paragraph(
        'This package holds what is known of the incident, the records that show it, and the means to check that ' +
          "neither was changed. It was prepared for CBP's review. What is not known yet is stated as such. Please " +
          'confirm receipt, and tell us what else you need and on which channel.',
      ),
      ...factBlocks(content),
      ...findingBlocks(content),
      ...indicatorBlocks(content),
      ...coverageBlocks(content),
      ...evidenceBlocks(content),
      heading('Signature'),
      list(['Name: ____________________', 'Title: ____________________', 'Date: ____________________']),
    ],
  }
}
