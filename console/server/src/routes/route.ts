import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Deps } from '../deps.ts'

/** One resource of the API: a fastify plugin with schemas for query and reply. */
export type Route = FastifyPluginAsyncTypebox<Deps>
