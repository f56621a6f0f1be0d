/** Within this a server is asked everything, connecting included: an ordinary one needs a fraction of a second. */
export const childLimitMs = 6_000
/** What a server may send altogether; ordinary answers have some tens of kilobytes. */
export const wireLimit = 4 * 1024 * 1024
/** What the child may say: a tenth of it is much. */
export const answerLimit = 1024 * 1024
/** Rows of one view, those that read most first. */
export const mostRows = 64
/** Letters of one name. */
export const mostText = 128
