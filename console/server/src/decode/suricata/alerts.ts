import type { Message } from '../decoder.ts'
import { countIn, defined, type Row, textIn } from '../row.ts'

/** A rule matched. What Suricata did with the packet it says itself. */
export function readAlert(alert: Row): Partial<Message> {
  const [name, severity, action] = [textIn(alert, 'signature'), countIn(alert, 'severity'), textIn(alert, 'action')]
  const [id, revision, group] = [countIn(alert, 'signature_id'), countIn(alert, 'rev'), countIn(alert, 'gid')]
  const rule = defined({
    id: id === undefined ? undefined : String(id),
    name,
    category: textIn(alert, 'category'),
    version: revision === undefined ? undefined : String(revision),
  })
  return {
    event: {
      category: ['intrusion_detection', 'network'],
      type: ['info', action === 'blocked' ? 'denied' : 'allowed'],
      action: 'rule-matched',
      ...(severity !== undefined && { severity }),
    },
    ...(rule !== undefined && { more: { rule } }),
    ...(group !== undefined && { tidewaiter: { rule_group: group } }),
  }
}

/** Traffic that is not as its protocol has it. */
export function readAnomaly(anomaly: Row): Partial<Message> {
  const reason = textIn(anomaly, 'event')
  const more = defined({ anomaly: textIn(anomaly, 'type'), layer: textIn(anomaly, 'layer') })
  return {
    event: {
      category: ['network'],
      type: ['protocol', 'info'],
      action: 'protocol-oddity',
      ...(reason !== undefined && { reason }),
    },
    ...(more !== undefined && { tidewaiter: more }),
  }
}

/** A packet that was dropped where Suricata stands in its way. */
export function readDrop(drop: Row): Partial<Message> {
  const [bytes, reason] = [countIn(drop, 'len'), textIn(drop, 'reason')]
  return {
    event: {
      category: ['network'],
      type: ['connection', 'denied'],
      action: 'packet-dropped',
      ...(reason !== undefined && { reason }),
    },
    ...(bytes !== undefined && { network: { bytes } }),
  }
}
