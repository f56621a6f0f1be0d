/** Why bytes cannot be read. Caught where the event of their record is made, and nowhere else. */
export class Unreadable extends Error {}
