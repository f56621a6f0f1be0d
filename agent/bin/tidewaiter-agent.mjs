#!/usr/bin/env node
import { run } from '../../packaging/run.mjs'

run('agent/src/main.ts', process.argv.slice(2))
