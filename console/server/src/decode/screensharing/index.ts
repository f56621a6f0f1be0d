import type { MessageDecoder } from '../decoder.ts'
import { meanings, readSentence, type Sentence } from '../sentence.ts'

const said = (outcome: string) =>
  new RegExp(
    `^Authentication: ${outcome} :: User Name: (?<user>.*) :: Viewer Address: (?<address>[^\\s:][^\\s]{0,80}) :: Type: (?<method>[\\w -]{1,40})$`,
  )

/** A name may hold ` :: Viewer Address: `: the address is the last, and after it comes only a method. */
const sentences: readonly Sentence[] = [
  { pattern: said('SUCCEEDED'), is: meanings.signedIn },
  { pattern: said('FAILED'), is: meanings.notSignedIn },
]

/** Who looked at the screen of a Mac, and who tried. */
export const screensharing: MessageDecoder = {
  id: 'screensharing',
  title: 'macOS screen sharing (screensharingd)',
  programs: ['screensharingd'],
  decode: (text) => readSentence(sentences, text, 'screensharingd'),
}
