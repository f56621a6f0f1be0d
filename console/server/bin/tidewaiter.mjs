#!/usr/bin/env node
import { run } from '../../../packaging/run.mjs'

run('console/server/src/main.ts', process.argv.slice(2))
