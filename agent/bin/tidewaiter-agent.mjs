#!/usr/bin/env node
import { run } from '../../packaging/run.mjs'

run('packaging/agent.ts', process.argv.slice(2))
