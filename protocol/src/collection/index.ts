export * from './parts.ts'
export * from './read.ts'
export * from './shapes.ts'
