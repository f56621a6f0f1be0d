/** What is said of a password while it is chosen. `fits` when the console takes it. */
export interface Strength {
  fits: boolean
  words: string
}

const least = 12
const long = 16
const fewDifferent = 6

/** Length is what counts; beyond that only what anybody would try first is named. */
export function strengthOf(password: string, email: string): Strength {
  const length = [...password].length
  const [name = ''] = email.toLowerCase().split('@')
  if (length === 0)
    return { fits: false, words: `${least} characters or more. Several words are easiest to keep in mind.` }
  if (length < least) return { fits: false, words: `Too short: ${least - length} more` }
  if (new Set(password).size < fewDifferent) return { fits: true, words: 'Weak: it repeats few characters' }
  if (name.length > 3 && password.toLowerCase().includes(name))
    return { fits: true, words: 'Weak: your e-mail is in it' }
  return { fits: true, words: length < long ? 'Good' : 'Strong' }
}
