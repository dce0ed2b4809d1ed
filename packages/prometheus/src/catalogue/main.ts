#!/usr/bin/env node
import { runCatalogue } from './command.js';

void runCatalogue(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((code) => (process.exitCode = code));
