import type { Message, MessageDecoder } from '../decoder.ts'
import { readSentence } from '../sentence.ts'
import { disconnected } from './disconnected.ts'
import { sentences } from './sentences.ts'

/** What postfix says of its clients: who signed in to send mail, and who was sent away. */
export const postfix: MessageDecoder = {
  id: 'postfix',
  title: 'Postfix (smtpd, postscreen)',
  programs: ['smtpd', 'postscreen'],
  decode(text, program) {
    // Other mail servers have a program of that name too.
    if (!program.startsWith('postfix')) return undefined
    return (text.startsWith('disconnect from ') ? disconnected(text) : undefined) ?? spoken(text)
  },
}

function spoken(text: string): Message | undefined {
  return readSentence(sentences, text, 'postfix')
}
