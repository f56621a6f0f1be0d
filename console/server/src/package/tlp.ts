import type { Tlp } from '@tidewaiter/protocol/api'
import { strictest } from '../indicators/formats/tlp.ts'
import type { CutState } from './cut-state.ts'

/**
 * The state without indicators, and their sightings, whose label is stricter than that of the package: what others gave
 * us is passed on no wider than they said (TLP 2.0).
 */
export function forwardable(state: CutState, label: Tlp): { state: CutState; notForwarded: number } {
  const indicators = state.indicators.filter(({ tlp }) => strictest([tlp, label]) === label)
  const passed = new Set(indicators.map(({ id }) => id))
  const sightings = state.sightings.filter(({ indicator }) => passed.has(indicator.id))
  return { state: { ...state, indicators, sightings }, notForwarded: state.indicators.length - indicators.length }
}

/** Marking definitions of TLP 2.0 for STIX 2.1, as OASIS published them (cti-stix-common-objects, extension tlp-2.0). */
const markings: Record<Tlp, string> = {
  CLEAR: '94868c89-83c2-464b-929b-a1a8aa3c8487',
  GREEN: 'bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
  AMBER: '55d920b0-5e8b-4f79-9ee9-91f868d9b421',
  'AMBER+STRICT': '939a9414-2ddd-4d32-a0cd-375ea402b003',
  RED: 'e828b379-4e03-4974-9ac4-e53a884c97c1',
}

export function markingId(label: Tlp): string {
  return `marking-definition--${markings[label]}`
}

export function markingDefinition(label: Tlp) {
  return {
    type: 'marking-definition',
    spec_version: '2.1',
    id: markingId(label),
    created: '2022-10-01T00:00:00.000Z',
    name: `TLP:${label}`,
    extensions: {
      'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d': {
        extension_type: 'property-extension',
        tlp_2_0: label.toLowerCase(),
      },
    },
  }
}
